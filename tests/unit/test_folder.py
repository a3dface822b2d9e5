"""The private folders of runs: whose they are, and which of them are swept away."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quiz.sandbox.stage import folder

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def owned() -> Iterator[Path]:
    """The folder of a run whose owner lives."""
    code = "from quiz.sandbox.stage import folder; print(folder.make('1')); input()"
    environ = os.environ | {"TMPDIR": tempfile.gettempdir()}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    ) as owner:
        assert owner.stdout
        yield Path(owner.stdout.readline().strip())
        owner.kill()


def test_a_folder_is_left_alone_as_long_as_its_owner_lives(owned: Path) -> None:
    folder.sweep()
    assert owned == folder.folder_of("1")
    assert owned.is_dir()


def test_a_folder_whose_owner_was_killed_is_swept(place: Path) -> None:
    (place / "after-response-2" / "work").mkdir(parents=True)
    (place / "another").mkdir()
    folder.sweep()
    assert [path.name for path in place.iterdir()] == ["another"]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells who works where")
def test_what_still_works_in_a_swept_folder_is_ended(place: Path) -> None:
    work = place / "after-response-3" / "work"
    work.mkdir(parents=True)
    with subprocess.Popen(SLEEP, cwd=work) as left, subprocess.Popen(SLEEP, cwd=place) as other:
        folder.sweep()
        assert left.wait(5) < 0
        assert other.poll() is None
        other.kill()


def test_one_that_is_being_made_is_left_for_a_minute(place: Path) -> None:
    unnamed = place / ".after-response-4"
    unnamed.mkdir()
    folder.sweep()
    assert unnamed.is_dir()
    long_ago = time.time() - 2 * folder.MADE_SECONDS
    os.utime(unnamed, (long_ago, long_ago))
    folder.sweep()
    assert not unnamed.exists()


def test_a_link_by_that_name_is_not_followed(place: Path) -> None:
    (place / "elsewhere").mkdir()
    (place / "after-response-5").symlink_to(place / "elsewhere")
    folder.sweep()
    assert (place / "elsewhere").is_dir()
