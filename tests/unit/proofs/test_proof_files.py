"""The proofs that this machine made, and a disk that refuses them."""

import sys
from pathlib import Path

import pytest

from quiz.proofs.files import UNSAVED, ProofFiles
from quiz.proofs.record import Proof

PROOF = Proof(id="q", status="proven", times=3)


async def test_a_proof_survives_a_restart(tmp_path: Path) -> None:
    await ProofFiles(tmp_path).put("p", PROOF)
    assert await ProofFiles(tmp_path).get("p", "q") == PROOF


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
async def test_a_full_disk_is_reported_and_leaves_no_proof_file(tmp_path: Path) -> None:
    files = ProofFiles(tmp_path)
    (tmp_path / "p.proof.new").symlink_to("/dev/full")
    await files.put("p", PROOF)
    kept = await files.get("p", "q")
    assert kept
    assert (kept.status, kept.reason) == ("proven", UNSAVED)
    assert list(tmp_path.iterdir()) == []
