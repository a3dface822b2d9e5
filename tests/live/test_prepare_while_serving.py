"""`quiz serve --prepare` serves pages first and builds missing environments meanwhile."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from quiz.runs.engine.environments import Environments
from tests.live.test_failed_builds import Pack


@pytest.fixture
def pack(tmp_path: Path, environments: Environments) -> Pack:
    """One more environment than those that are built; the cache has links to these."""
    pack = Pack(tmp_path)
    (pack.cache / "environments").mkdir()
    for name in environments.names:
        built = environments.get(name).folder
        (pack.cache / "environments" / built.name).symlink_to(built)
    return pack


def serve(pack: Pack, tmp_path: Path, last: str) -> list[str]:
    """What is printed up to a line that starts with `last`; a page is asked for after it."""
    command = [sys.executable, "-m", "quiz", "serve", "--port=0", "--prepare", f"--data={tmp_path}"]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_"))}
    told = []
    with subprocess.Popen(
        command, env=environ | pack.variables, text=True, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        for line in server.stdout:
            told.append(line)
            if line.startswith(last):
                break
        address = told[0].split()[-1]
        with urllib.request.urlopen(f"{address}/demos", timeout=30) as reply:
            assert reply.status == 200
        server.terminate()
    return told


def test_a_missing_environment_is_built_once_pages_are_served(pack: Pack, tmp_path: Path) -> None:
    assert serve(pack, tmp_path, "All environments")[1:] == [
        "Stop it with Ctrl+C.\n",
        "Environments to build while you use the quiz: tiny.\n",
        "Building the environment tiny.\n",
        "The environment tiny is built.\n",
        "All environments are built. From now on the quiz needs no network.\n",
    ]


def test_a_failed_build_is_reported_and_pages_are_served(pack: Pack, tmp_path: Path) -> None:
    pack.lock("0" * 64)
    told = serve(pack, tmp_path, "Environments that are not built")
    assert told[-2].startswith("The environment tiny could not be built: ")


def test_without_missing_environments_nothing_is_reported(pack: Pack, tmp_path: Path) -> None:
    (pack.locks / "tiny.txt").unlink()
    assert serve(pack, tmp_path, "Stop it")[1:] == ["Stop it with Ctrl+C.\n"]
