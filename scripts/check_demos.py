"""Check the types of each demo's files in every environment that the demo uses."""

import asyncio
import subprocess
import sys
from pathlib import Path

from quiz.demos.loader import load_demos
from quiz.demos.locks import SHIPPED_LOCKS
from quiz.demos.model import Demo
from quiz.runs.engine.environment import Environment
from quiz.runs.engine.environments import Environments
from quiz.settings import Settings

ROOT = Path(__file__).parents[1]


async def built(names: set[str]) -> list[Environment]:
    environments = Environments((SHIPPED_LOCKS,), Settings.read({}).cache)
    return [await environments.build(name, print) for name in sorted(names)]


def checked(demo: Demo, environment: Environment) -> bool:
    """Check the scenario and the files of the variants that run in this environment."""
    variants = [v for v in demo.variants.values() if environment.name in v.environments]
    files = sorted({file for variant in variants for file in variant.files} | {"scenario.py"})
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file="]
    # Celery has no type hints.
    command += ["--disable-error-code=import-untyped", "--allow-untyped-decorators"]
    # Ruff finds undefined names. One demo uses such a name on purpose, to show the error.
    command += ["--disable-error-code=name-defined"]
    command += ["--python-executable", str(environment.python), "--explicit-package-bases"]
    command += [f"--cache-dir={ROOT / '.mypy_cache' / environment.name / demo.name}", *files]
    # Each demo is checked in its own folder, because two demos can have files of the same name.
    done = subprocess.run(command, cwd=demo.folder, env={"MYPYPATH": f"{ROOT}"}, check=False)
    return done.returncode == 0


def main() -> int:
    demos, problems = load_demos()
    names = {name for d in demos.values() for v in d.variants.values() for name in v.environments}
    good = not problems
    for problem in problems:
        print(problem)
    for environment in asyncio.run(built(names)):
        for demo in demos.values():
            if any(environment.name in v.environments for v in demo.variants.values()):
                print(f"{demo.name} in {environment.name}: ", end="", flush=True)
                good = checked(demo, environment) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
