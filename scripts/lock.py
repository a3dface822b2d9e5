"""Update every lock: the newest versions that the ranges allow, with hashes, for all platforms.

Locks come only from the default index. An extra index or a local folder of wheels may have only
one wheel of a release, and the lock would then lack the hashes of the other wheels. Installing
uses the index, proxy and certificate from pip's configuration.
"""

import itertools
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from uv import find_uv_bin

from quiz.runs.engine.package_index import uv_variables

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / "content" / "environments"
# The name of every locked file beside its hash, because a lock has only the hashes.
FILES = ROOT / "scripts" / "locked-files.txt"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("x86_64-manylinux_2_36", "aarch64-manylinux_2_36", "aarch64-apple-darwin")
UNIVERSAL = ("--universal", "--python-version", PYTHONS[0], "--quiet")
AS_REQUIREMENTS = (
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--upgrade",
)
# Variables that some networks require. The rest of pip's configuration is ignored.
NETWORK = ("SSL_CERT_FILE", "ALL_PROXY")


def main() -> None:
    listed: set[str] = set()
    for lock in list(lock_all()):
        print(f"Verifying {lock.relative_to(ROOT)}", flush=True)
        files = set(files_of(lock))
        require_all_hashes(lock, files)
        try_everywhere(lock)
        listed |= files
    FILES.write_text("".join(f"{line}\n" for line in sorted(listed)), encoding="utf-8")


def lock_all() -> Iterator[Path]:
    runtime, dev = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    yield lock(runtime, "pyproject.toml")
    yield lock(dev, "pyproject.toml", "--group", "dev", "--constraint", runtime.name)
    for source in sorted(ENVIRONMENTS.glob("*.in")):
        yield lock(source.with_suffix(".txt"), str(source.relative_to(ROOT)))


def lock(target: Path, *sources: str) -> Path:
    name = str(target.relative_to(ROOT))
    print(f"Locking {name}", flush=True)
    uv("compile", *sources, *UNIVERSAL, *AS_REQUIREMENTS, "--output-file", name)
    if "://" in target.read_text(encoding="utf-8"):
        sys.exit(f"{name} contains a URL. Require the package by name and version instead.")
    return target


def files_of(lock: Path) -> Iterator[str]:
    """`HASH  NAME` for each file in the index of the locked releases."""
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "pylock.toml"
        uv("compile", str(lock), *UNIVERSAL, "--output-file", str(listing))
        packages = tomllib.loads(listing.read_text(encoding="utf-8"))["packages"]
    for package in packages:
        archive = [package["sdist"]] if "sdist" in package else []
        for file in [*archive, *package.get("wheels", [])]:
            yield f"{file['hashes']['sha256']}  {_name(file)}"


def _name(file: dict[str, Any]) -> str:
    return str(file.get("name") or unquote(file["url"].rpartition("/")[2]))


def require_all_hashes(lock: Path, files: set[str]) -> None:
    text = lock.read_text(encoding="utf-8")
    missing = sorted(line for line in files if line.split()[0] not in text)
    if missing:
        sys.exit(f"{lock.name} has no hash for these files:\n" + "\n".join(missing))


def try_everywhere(lock: Path) -> None:
    """Have uv choose a file of each package for every platform. A dry run compares no hashes."""
    with tempfile.TemporaryDirectory() as folder:
        for python, platform in itertools.product(PYTHONS, PLATFORMS):
            place = ("--target", folder, "--python-version", python, "--python-platform", platform)
            uv("install", "--dry-run", "--require-hashes", "--quiet", "-r", str(lock), *place)


def uv(command: str, *arguments: str) -> None:
    program = (find_uv_bin(), "--no-config", "pip", command)
    done = subprocess.run(
        [*program, *arguments], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"uv pip {command} {' '.join(arguments)} failed:\n{done.stderr}")


def environment() -> dict[str, str]:
    """The variables of this process, without those of pip and uv that could name another index."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_"))}
    told = uv_variables(os.environ)
    kept |= {name: told[name] for name in NETWORK if name in told}
    if "UV_CACHE_DIR" in os.environ:
        kept["UV_CACHE_DIR"] = os.environ["UV_CACHE_DIR"]
    return kept | {"UV_PYTHON_DOWNLOADS": "never"}


if __name__ == "__main__":
    main()
