"""The proof of a key, as pages show it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from quiz.demos.loader import load_demos
from quiz.proofs.judge import hash_of
from quiz.settings import Settings
from tests import apps, packs

DEMOS, _ = load_demos()
PROOF = "/packs/small/total/proof"


def kept(**changes: Any) -> dict[str, Any]:
    return {
        "id": "total",
        "status": "proven",
        "times": 5,
        "on": "2026-11-22",
        "ran": {
            "environment": "current",
            "versions": {"fastapi": "0.165.0", "python": "3.11.7"},
            "os": "Linux x86_64",
        },
        "claims": [
            {"claim": "o1", "expected": False, "held": 0, "of": 5},
            {
                "claim": "o2",
                "expected": True,
                "held": 5,
                "of": 5,
                "values": {"background_ms": [3001.0, 3010.5]},
            },
        ],
        "elsewhere": {"current": True, "fastapi-0.117": False, "fastapi-0.105": True},
    } | changes


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "packs"
    asked = packs.pack(folder).question("total")
    assert asked
    proof = kept(hash=hash_of(asked, DEMOS))
    (folder / "small.proof.json").write_text(json.dumps({"pack": "small", "questions": [proof]}))
    with served(tmp_path, folder) as client:
        yield client


def served(tmp_path: Path, folder: Path) -> TestClient:
    cache = apps.locked_cache()
    return apps.client(Settings(data=tmp_path / "data", cache=cache, packs=(folder,)))


def answered(client: TestClient) -> str:
    client.get("/packs/small/total")
    data = {"answer": "o2", "token": "t"}
    return client.post("/packs/small/total/attempts", data=data).text


def test_the_feedback_says_how_often_and_on_which_versions_the_key_was_proven(
    client: TestClient,
) -> None:
    html = answered(client)
    assert f'<a href="{PROOF}">Proven 5 of 5 on FastAPI 0.165, Python 3.11, 22 Nov 2026</a>' in html
    assert "before it was last changed" not in html


def test_versions_are_listed_from_the_oldest_to_the_current_one(client: TestClient) -> None:
    html = answered(client)
    places = [html.index(f"<li>{version} ") for version in ("0.105", "0.117", "0.165")]
    assert places == sorted(places)
    assert html.count("does not hold") == 1


def test_before_an_answer_no_page_links_the_proof(client: TestClient) -> None:
    assert "/proof" not in client.get("/packs/small/total").text
    assert "/proof" not in client.get("/packs/small").text


def test_the_proof_lists_every_claim_with_its_observations(client: TestClient) -> None:
    html = client.get(PROOF).text
    assert "in every run" in html
    assert "held in 5 of 5" in html
    assert "background work took 3.00 s … background work took 3.01 s" in html
    assert "Linux x86_64" in html


def test_a_proof_of_an_earlier_version_of_the_question_is_marked(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    packs.write(folder, packs.SOUND)
    old = {"pack": "small", "questions": [kept(hash="another")]}
    (folder / "small.proof.json").write_text(json.dumps(old))
    with served(tmp_path, folder) as client:
        assert "before it was last changed" in answered(client)
        assert "prove it again" in client.get(PROOF).text


def test_a_broken_proof_file_is_reported_and_the_pack_still_works(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    packs.write(folder, packs.SOUND)
    (folder / "small.proof.json").write_text("{")
    with served(tmp_path, folder) as client:
        assert "Right." in answered(client)
        assert "Nobody has proven this one yet." in client.get(PROOF).text
        assert "is not a record of proofs" in client.get("/demos").text


def test_a_proof_of_this_machine_is_shown_beside_the_shipped_proof(
    client: TestClient, tmp_path: Path
) -> None:
    own = kept(hash=hash_of(packs.pack(tmp_path / "packs").questions[0], DEMOS), times=3)
    folder = tmp_path / "data" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.proof.json").write_text(json.dumps({"pack": "small", "questions": [own]}))
    html = answered(client)
    assert "Proven 5 of 5" in html
    assert "On this machine: <a" in html
    assert "Proven 3 of 3" in html


def test_a_question_without_claims_says_that_its_key_comes_from_the_documentation(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "packs"
    packs.write(folder, packs.sound(("    fact: background_ms / 1000.0\n", "")))
    with served(tmp_path, folder) as client:
        sent = client.post("/packs/small/seconds/attempts", data={"answer": "3", "token": "t"})
        assert "From the documentation" in sent.text
        assert "From the documentation." in client.get("/packs/small/seconds/proof").text


def test_a_question_without_claims_cannot_be_proven(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    packs.write(folder, packs.sound(("    fact: background_ms / 1000.0\n", "")))
    with served(tmp_path, folder) as client:
        refused = client.post("/packs/small/seconds/proof")
        assert refused.status_code == 404
        assert "goes by the documentation" in refused.text
