"""A demo that needs a program that no machine has."""

from pathlib import Path

import pytest

from quiz.demos.system_programs import PROGRAMS, Program
from tests.live.players import write_demo

ABACUS = Program("Abacus", (), "abacus", "abacus", start_seconds=2.5)


def needing_an_abacus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packs with the demo `sample`, whose only variant needs the abacus."""
    monkeypatch.setitem(PROGRAMS, "abacus-server", ABACUS)
    pack = tmp_path / "pack"
    (pack / "demos").mkdir(parents=True)
    file = write_demo(pack / "demos") / "sample" / "demo.yaml"
    file.write_text(file.read_text() + "    needs: [abacus-server]\n")
    return pack
