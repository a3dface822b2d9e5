"""A wheel in its own environment does what a clone does, because it contains all its files."""

import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest
from uv import find_uv_bin

from quiz import __version__
from quiz.runs.engine.package_index import uv_variables

ROOT = Path(__file__).parents[2]
# The first time its packages may have to be fetched.
pytestmark = pytest.mark.timeout(300)


def environment() -> dict[str, str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return environ | uv_variables(environ)


def output(*command: str | Path, cwd: Path) -> str:
    """The output of a command. If the command fails, the error contains the output."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    output(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("after_response-*.whl")
    return wheel


@pytest.fixture(scope="module")
def quiz(wheel: Path) -> Path:
    """The command of an installed wheel."""
    folder = wheel.parent
    output(find_uv_bin(), "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    install = (find_uv_bin(), "pip", "install", "--python", folder / "venv" / "bin" / "python")
    output(*install, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=folder)
    output(*install, "--no-deps", "--no-index", wheel, cwd=folder)
    return folder / "venv" / "bin" / "quiz"


def test_the_wheel_has_this_version_and_is_imported_from_its_environment(
    quiz: Path, tmp_path: Path
) -> None:
    assert output(quiz, "--version", cwd=tmp_path) == f"After Response {__version__}\n"
    where = output(quiz.with_name("python"), "-c", "import quiz; print(quiz)", cwd=tmp_path)
    assert str(quiz.parents[1]) in where


def test_the_wheel_has_a_second_command_after_response(quiz: Path, tmp_path: Path) -> None:
    command = quiz.with_name("after-response")
    assert output(command, "--version", cwd=tmp_path) == f"After Response {__version__}\n"


def test_one_command_serves_the_wheel_without_an_installation(wheel: Path, tmp_path: Path) -> None:
    uvx = [find_uv_bin(), "tool", "run", "--python", sys.executable, "--from", str(wheel)]
    locked = ["--with-requirements", str(ROOT / "requirements.txt")]
    command = [*uvx, *locked, "after-response", "--port=0", f"--data={tmp_path}"]
    with subprocess.Popen(
        command, env=environment(), cwd=tmp_path, text=True, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        address = server.stdout.readline().split()[-1]
        with urllib.request.urlopen(f"{address}/healthz", timeout=30) as reply:
            assert reply.read() == b"ok\n"
        server.terminate()


def test_the_wheel_lists_the_supported_pythons(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        lines = file.read(name).decode().splitlines()
    told = {line.rpartition(" ")[2] for line in lines if line.startswith("Classifier: Programming")}
    assert {"3.11", "3.12", "3.13", "3.14"} <= told
    assert "Requires-Python: >=3.11" in lines


def test_the_wheel_contains_packs_and_demos(quiz: Path, tmp_path: Path) -> None:
    assert output(quiz, "check", cwd=tmp_path) == "Nothing is wrong.\n"
    packs = quiz.parents[1].glob("lib/*/site-packages/quiz/_shipped/content/questions.yaml")
    assert len(list(packs)) == 1


def test_the_wheel_runs_a_demo_and_draws_its_timeline(quiz: Path, tmp_path: Path) -> None:
    short = ("--set", "task_a_seconds=0.2", "--set", "task_b_seconds=0.1")
    drawn = output(quiz, "run", "task_order", *short, cwd=tmp_path)
    assert "response sent" in drawn
    assert "task_b started when it ended" in " ".join(drawn.split())
