"""The data folder is private to its user and used by one server at a time."""

import json
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.live.test_serve import served
from tests.live.test_server_dies import run_json, start_run
from tests.waiting import wait_until

SERVE = [sys.executable, "-m", "quiz", "serve", "--port=0"]


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


async def test_a_second_server_is_refused_and_the_run_of_the_first_continues(
    tmp_path: Path,
) -> None:
    with served(tmp_path) as server:
        address = start_run(server)
        await wait_until(lambda: run_json(server, address)["status"] == "running", "it runs", 20)
        command = [*SERVE, f"--data={tmp_path}"]
        second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        assert (second.returncode, second.stdout, second.stderr.count("\n")) == (3, "", 1)
        assert f"{tmp_path} is in use by another server (process {server.process.pid})" in (
            second.stderr
        )
        assert run_json(server, address)["status"] == "running"
        url = f"http://127.0.0.1:{server.port}{address}"
        with urllib.request.urlopen(urllib.request.Request(url, method="DELETE")) as reply:
            assert json.load(reply)["status"] == "cancelled"


def test_a_run_on_the_command_line_beside_a_server_works(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "quiz", "run", "task_order", "--set", "task_a_seconds=0.1"]
    with served(tmp_path):
        done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "readable by all before"])
def test_other_users_of_the_machine_cannot_read_the_data(tmp_path: Path, is_new: bool) -> None:
    data = tmp_path / "data"
    if not is_new:
        with served(data):
            pass
        data.chmod(0o755)
        (data / "quiz.sqlite3").chmod(0o644)
    with served(data):
        assert mode(data) == "0o700"
        files = [path for path in data.iterdir() if path.is_file()]
        assert {mode(path) for path in files} == {"0o600"}
        assert len(files) >= 3


def test_a_folder_with_other_files_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    tmp_path.chmod(0o755)
    with served(tmp_path):
        assert (mode(tmp_path), mode(tmp_path / "quiz.sqlite3")) == ("0o755", "0o600")
