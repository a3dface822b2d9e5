"""An acknowledged answer is stored, even if the server process dies right after it."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from quiz.storage.storage import Storage
from tests.attempts import exported
from tests.live import storm

ROOT = Path(__file__).parents[2]
LEARNER = "a" * 64
NEVER_ENDS = 1_000_000


def start(path: Path, name: str, each: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.live.storm", str(path), name, str(each)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def killed_after(path: Path, name: str, answers: int) -> dict[str, str]:
    """The acknowledged of a storm that was killed at its height: token and id."""
    with start(path, name, NEVER_ENDS) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(answers)]
        process.kill()
        lines += process.stdout.readlines()
    assert process.returncode == -9
    return dict(line.split() for line in lines)


async def stored(path: Path) -> dict[str, str]:
    storage = Storage(path)
    await storage.start()
    attempts = await exported(storage, LEARNER)
    counted = sum(
        standing.n for standing in (await storage.standings.of_pack(LEARNER, "p")).values()
    )
    await storage.stop()
    assert counted == len(attempts)
    return {attempt.token: attempt.id for attempt in attempts}


def integrity(path: Path) -> str:
    file = sqlite3.connect(path)
    (verdict,) = file.execute("PRAGMA integrity_check").fetchone()
    file.close()
    return str(verdict)


@pytest.mark.parametrize("answers", [1, 100, 700])
async def test_a_kill_during_many_answers_loses_no_acknowledged_answer(
    tmp_path: Path, answers: int
) -> None:
    path = tmp_path / "quiz.sqlite3"
    # Twice over the same file: the second starts on what the first left behind.
    acknowledged = killed_after(path, "first", answers) | killed_after(path, "second", answers)
    kept = await stored(path)
    assert len(acknowledged) >= 2 * answers
    assert acknowledged.items() <= kept.items()
    # More may be stored than was acknowledged: those whose answer was under way.
    assert len(kept) <= len(acknowledged) + 2 * storm.AT_ONCE
    assert integrity(path) == "ok"


async def test_processes_that_get_the_same_forms_store_each_once(tmp_path: Path) -> None:
    path = tmp_path / "quiz.sqlite3"
    processes = [start(path, "same", 10) for _ in range(3)]
    said = [process.communicate()[0].split("\n")[:-1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    kept = await stored(path)
    assert len(kept) == 10 * storm.AT_ONCE
    for lines in said:
        assert dict(line.split() for line in lines) == kept
