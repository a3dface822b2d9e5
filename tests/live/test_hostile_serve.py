"""`quiz serve` and `quiz check` with packs that were written to stop them."""

import os
from pathlib import Path

import pytest

from tests.live.test_new import quiz
from tests.live.test_serve import get, served
from tests.packs import SOUND, write
from tests.unit.packs.test_hostile_packs import ATTACKS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with every attack at once, beside a valid pack."""
    root = tmp_path / "packs"
    write(root, SOUND)
    for number, (text, _) in enumerate(ATTACKS.values()):
        write(root, text, f"attack-{number}.yaml")
    os.mkfifo(root / "pipe.yaml")
    (root / "device.yaml").symlink_to("/dev/zero")
    (root / "environments").mkdir()
    (root / "environments" / "current.txt").write_text("evil==1\n")
    return root


def test_the_server_starts_and_reloads_beside_every_attack(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIZ_PACKS", str(folder))
    with served(tmp_path / "data", "--reload") as server:
        assert "A small pack" in get(server.port)
        write(folder, SOUND.replace("A small pack", "Another name"))
        os.utime(folder / "small.yaml", (1e9, 1e9))
        page = get(server.port)
        assert "Another name" in page
        assert "is nested deeper than 50 levels" in page


def test_check_reports_every_attack_and_ends(folder: Path) -> None:
    code, said = quiz(folder, "check")
    assert code == 1
    for number, (_, expected) in enumerate(ATTACKS.values()):
        assert any(expected in line for line in said.splitlines() if f"attack-{number}." in line)
    for expected in (
        "pipe.yaml:1:1: is a pipe. Only regular files are read.",
        "device.yaml:1:1: is a link.",
        "current.txt:1:1: the environment current is in",
    ):
        assert expected in said
    assert "\x1b" not in said
