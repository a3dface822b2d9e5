"""Try every supported Python on this machine except the one in .venv.

Each Python gets a clone of the last commit. There it runs the unit tests of the probe and the
timeline, one variant of every demo (compared with the same run in .venv), and the proofs of ten
questions. Versions that this machine lacks are printed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from quiz.packs.catalog import load
from quiz.settings import Settings
from scripts.lock import PYTHONS, ROOT

MAIN = f"{sys.version_info.major}.{sys.version_info.minor}"
UNIT = ("runs/test_probe.py", "timeline/test_timeline.py", "demos/test_demo.py")
QUESTIONS = 10
ASK = (
    "import json, sys, sysconfig; print(json.dumps([*sys.version_info[:3],"
    " sys.implementation.name == 'cpython' and sys.version_info.releaselevel == 'final'"
    " and not sysconfig.get_config_var('Py_GIL_DISABLED')]))"
)


@dataclass(frozen=True, order=True)
class Python:
    version: tuple[int, int, int]
    path: Path

    @property
    def minor(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"

    def __str__(self) -> str:
        return f"Python {'.'.join(map(str, self.version))}"


def main() -> int:
    found = newest()
    failed = [python for minor, python in found.items() if minor != MAIN and not tried(python)]
    missing = [minor for minor in PYTHONS if minor not in found and minor != MAIN]
    for minor in missing:
        print(f"Not tried: Python {minor}. It is not installed.")
    for python in failed:
        print(f"Failed: {python}. Its output is above.")
    return 1 if failed else 0


def newest() -> dict[str, Python]:
    """The newest release of each supported minor version."""
    found: dict[str, Python] = {}
    for path in sorted({path.resolve() for path in candidates() if path.exists()}):
        python = known(path)
        if python and python.minor in PYTHONS and python > found.get(python.minor, python):
            found[python.minor] = python
        elif python and python.minor in PYTHONS:
            found.setdefault(python.minor, python)
    return found


def candidates() -> Iterator[Path]:
    """Pythons on the path, from pyenv and from uv."""
    for minor in PYTHONS:
        if path := shutil.which(f"python{minor}"):
            yield Path(path)
        yield from pyenv().glob(f"versions/{minor}.*/bin/python{minor}")
    listed = output(find_uv_bin(), "python", "list", "--only-installed", "--output-format=json")
    yield from (Path(one["path"]) for one in json.loads(listed or "[]"))


def pyenv() -> Path:
    said = output("pyenv", "root") if shutil.which("pyenv") else ""
    return Path(said.strip() or os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")


def known(path: Path) -> Python | None:
    """None unless it starts and is a final release of CPython with a GIL."""
    said = output(str(path), "-c", ASK)
    *version, is_supported = json.loads(said) if said else [0, 0, 0, False]
    major, minor, micro = version
    return Python((major, minor, micro), path) if is_supported else None


def output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout if done.returncode == 0 else ""


def tried(python: Python) -> bool:
    print(f"Trying {python}, {python.path}", flush=True)
    begun = time.monotonic()
    # The prefix must not be after-response-: the server removes such folders when it starts.
    with tempfile.TemporaryDirectory(prefix="try-pythons-") as folder:
        is_good = all(run(*step) for step in steps(python, Path(folder) / "clone"))
    words = "passed" if is_good else "failed"
    print(f"{python} {words} in {time.monotonic() - begun:.0f} s", flush=True)
    return is_good


def steps(python: Python, clone: Path) -> Iterator[tuple[list[str], Path, dict[str, str]]]:
    """Each command with its folder and its additional variables."""
    theirs = str(clone / ".venv" / "bin" / "python")
    tests = [f"tests/unit/{name}" for name in UNIT]
    yield ["git", "clone", "--quiet", "--shared", str(ROOT), str(clone)], ROOT, {}
    yield ["sh", "scripts/setup.sh", "unit"], clone, {"PYTHON": str(python.path)}
    yield [theirs, "-m", "pytest", "-q", *tests], clone, {}
    compare = [sys.executable, "-m", "pytest", "-q", "tests/live/test_probes.py"]
    yield compare, ROOT, {"OTHER_PYTHON": theirs}
    for id in questions():
        prove = [str(clone / ".venv" / "bin" / "quiz"), "prove", "--dry", "--times=1"]
        yield [*prove, "--question", id], clone, {}


def questions() -> list[str]:
    """Ten questions from all packs, each with a different demo, none with RabbitMQ."""
    catalog = load(Settings.read({}))
    first: dict[str, str] = {}
    for question in (q for pack in catalog.packs.values() for q in pack.questions):
        asks = question.demo
        if asks and not catalog.demos[asks.name].variant(asks.variant).needs:
            first.setdefault(asks.name, question.id)
    ids = list(first.values())
    return ids[:: max(1, len(ids) // QUESTIONS)][:QUESTIONS]


def run(command: list[str], folder: Path, variables: dict[str, str]) -> bool:
    done = subprocess.run(command, cwd=folder, env=os.environ | variables, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
