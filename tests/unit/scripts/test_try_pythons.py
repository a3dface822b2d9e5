"""Which Pythons scripts/try_pythons.py finds: real releases, the newest of each minor version."""

import json
import sys
from pathlib import Path

import pytest

from scripts.try_pythons import MAIN, known, newest


def interpreter(place: Path, *version: int, is_supported: bool = True) -> Path:
    """A program that answers as an interpreter of that version would."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\necho '{json.dumps([*version, is_supported])}'\n")
    place.chmod(0o755)
    return place


def test_the_version_of_this_python_is_found() -> None:
    found = known(Path(sys.executable))
    assert found
    assert found.version == sys.version_info[:3]
    assert found.minor == MAIN


def test_a_shim_that_starts_nothing_is_not_a_python(tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert known(shim) is None


def test_a_build_without_the_gil_is_not_tried(tmp_path: Path) -> None:
    assert known(interpreter(tmp_path / "python3.14", 3, 14, 0, is_supported=False)) is None


def test_the_newest_release_of_pyenv_and_the_path_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    interpreter(tmp_path / "bin" / "python3.14", 3, 14, 7)
    newer = interpreter(tmp_path / "versions" / "3.14.9" / "bin" / "python3.14", 3, 14, 9)
    assert newest()["3.14"].path == newer
