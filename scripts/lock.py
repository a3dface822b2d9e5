"""Remake every lock: the newest versions that the ranges allow, with hashes, for all platforms.

A lock names no host and no path: where packages come from is the installing machine's matter.
"""

import os
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

from quiz.sandbox.environments.index import uv_variables

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / "quiz" / "sandbox" / "environments"
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--upgrade",
    "--quiet",
)


def lock(target: Path, *sources: str) -> None:
    name = str(target.relative_to(ROOT))
    print(f"Locking {name}", flush=True)
    subprocess.run(
        [find_uv_bin(), "pip", "compile", *sources, *OPTIONS, "--output-file", name],
        cwd=ROOT,
        env=os.environ | uv_variables(os.environ),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    if "://" in target.read_text(encoding="utf-8"):
        sys.exit(f"{name} names an address. A lock must do with any index.")


if __name__ == "__main__":
    runtime, dev = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    lock(runtime, "pyproject.toml")
    lock(dev, "pyproject.toml", "--group", "dev", "--constraint", runtime.name)
    for source in sorted(ENVIRONMENTS.glob("*.in")):
        lock(source.with_suffix(".txt"), str(source.relative_to(ROOT)))
