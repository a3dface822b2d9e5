"""The private folders of runs: who owns them, and which of them are removed."""

import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quiz.runs.stage import folder

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


RUN, OTHER = "00000000000000a1", "00000000000000a2"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_by_a_dead_owner(run: str) -> Path:
    """A run's folder without a lock: the process that made it has ended."""
    code = f"from quiz.runs.stage import folder; print(folder.make({run!r}))"
    environ = os.environ | {"TMPDIR": tempfile.gettempdir()}
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environ, check=True
    )
    return Path(done.stdout.strip())


@pytest.fixture
def owned() -> Iterator[Path]:
    """The folder of a run whose owner lives."""
    code = f"from quiz.runs.stage import folder; print(folder.make({RUN!r})); input()"
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


def test_a_folder_is_kept_while_its_owner_lives(owned: Path) -> None:
    folder.sweep()
    assert owned == folder.folder_of(RUN)
    assert owned.is_dir()


def test_only_the_user_of_the_server_can_enter_the_folders(owned: Path) -> None:
    assert stat.S_IMODE(owned.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(owned.stat().st_mode) == 0o700


def test_a_folder_whose_owner_was_killed_is_removed(place: Path) -> None:
    assert left_by_a_dead_owner(RUN).is_dir()
    folder.sweep()
    assert list(place.iterdir()) == []


def test_a_folder_with_the_right_name_but_without_the_marker_is_never_touched(place: Path) -> None:
    """Seen: any `after-response-*` in the temporary folder was deleted, its processes killed."""
    mine = [place / "after-response-notes", place / ".after-response-x", place / "after-response-2"]
    inside = [folder.folder_of("notes"), folder.folder_of(OTHER)]
    left_by_a_dead_owner(RUN)
    for path in (*mine, *inside):
        path.mkdir()
        (path / "thesis.txt").touch()
    with subprocess.Popen(SLEEP, cwd=mine[0]) as worker:
        folder.sweep()
        assert worker.poll() is None
        worker.kill()
    assert all((path / "thesis.txt").exists() for path in (*mine, *inside))
    assert not folder.folder_of(RUN).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells who works where")
def test_a_process_in_a_removed_folder_is_ended(place: Path) -> None:
    work = left_by_a_dead_owner(RUN) / "work"
    work.mkdir()
    with subprocess.Popen(SLEEP, cwd=work) as left, subprocess.Popen(SLEEP, cwd=place) as other:
        folder.sweep()
        assert left.wait(5) < 0
        assert other.poll() is None
        other.kill()


def test_a_folder_in_creation_is_kept_for_a_minute(place: Path) -> None:
    left_by_a_dead_owner(RUN)
    unnamed = folder.folder_of(f".{OTHER}")
    unnamed.mkdir()
    folder.sweep()
    assert unnamed.is_dir()
    long_ago = time.time() - 2 * folder.MADE_SECONDS
    os.utime(unnamed, (long_ago, long_ago))
    folder.sweep()
    assert not unnamed.exists()


def test_a_link_with_the_name_of_a_run_folder_is_not_followed(place: Path) -> None:
    (place / "elsewhere" / OTHER).mkdir(parents=True)
    folder.place().symlink_to(place / "elsewhere")
    folder.sweep()
    assert (place / "elsewhere" / OTHER).is_dir()
    with pytest.raises(folder.FolderError, match="Remove it, or set TMPDIR"):
        folder.make(RUN)


def test_a_parent_folder_that_others_can_enter_is_refused(place: Path) -> None:
    folder.place().mkdir(mode=0o755)
    with pytest.raises(folder.FolderError, match="not a private folder of this user"):
        folder.make(RUN)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_parent_folder_of_another_user_is_refused(place: Path) -> None:
    folder.place().mkdir(mode=0o700)
    os.chown(folder.place(), 65534, 65534)
    with pytest.raises(folder.FolderError):
        folder.make(RUN)


def test_the_parent_folder_is_removed_with_its_last_folder(place: Path) -> None:
    left_by_a_dead_owner(RUN)
    folder.remove(RUN)
    assert list(place.iterdir()) == []
