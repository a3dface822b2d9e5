"""The locks: every supported Python and platform finds a file of every package, with its hash."""

import re
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import (
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from scripts.lock import ENVIRONMENTS, FILES, ROOT, environment

RUNTIME = [ROOT / "requirements.txt", *sorted(ENVIRONMENTS.glob("*.txt"))]
LOCKS = [*RUNTIME, ROOT / "requirements-dev.txt"]
PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
MACHINES = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",)}
# The glibc of Debian 12.
GLIBC_MINOR = 36
ENTRY = re.compile(r"([\w.-]+)==([\w.]+)(?: ; ([^\\]+?))?((?: \\\n    --hash=sha256:\w+)+)\n")


def entries(lock: Path) -> list[tuple[str, str, str, set[str]]]:
    """Name, version, marker and hashes of each package of a lock."""
    text = lock.read_text()
    found: list[tuple[str, str, str, set[str]]] = [
        (canonicalize_name(name), version, marker, set(re.findall(r"sha256:(\w+)", hashes)))
        for name, version, marker, hashes in ENTRY.findall(text)
    ]
    assert len(found) == text.count("==") - text.count(" == ")
    return found


@cache
def files() -> dict[tuple[str, str], dict[str, str]]:
    """The file names of each release and their hashes, as the index listed them."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in FILES.read_text().splitlines():
        digest, file = line.split()
        name, version = (parse_wheel_filename if is_wheel(file) else parse_sdist_filename)(file)[:2]
        found.setdefault((name, str(version)), {})[file] = digest
    return found


def is_wheel(file: str) -> bool:
    return file.endswith(".whl")


def platforms(system: str, machine: str) -> list[str]:
    if system == "darwin":
        return list(mac_platforms((14, 0), machine))
    return [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC_MINOR, 4, -1)]


@cache
def tags(python: tuple[int, int], system: str, machine: str) -> set[Tag]:
    """What such a machine can install. The old names of manylinux stand for newer ones."""
    names = platforms(system, machine)
    if system == "linux":
        names += [f"manylinux{old}_{machine}" for old in ("2014", "2010", "1")]
    interpreter = f"cp{python[0]}{python[1]}"
    return {*cpython_tags(python, platforms=names), *compatible_tags(python, interpreter, names)}


def wanted(marker: str, python: tuple[int, int], system: str, machine: str) -> bool:
    environment = {
        "python_version": f"{python[0]}.{python[1]}",
        "python_full_version": f"{python[0]}.{python[1]}.0",
        "platform_machine": machine,
        "platform_system": system.title(),
        "sys_platform": system,
    }
    return not marker or Marker(marker).evaluate(environment)


def lacking(lock: Path, *, archives: bool) -> list[str]:
    """Packages and machines without a wheel; a source archive counts if `archives`."""
    found: list[str] = []
    machines = [(s, m) for s, names in MACHINES.items() for m in names]
    for name, version, marker, hashes in entries(lock):
        known = {file for file, digest in files()[name, version].items() if digest in hashes}
        if archives and not all(is_wheel(file) for file in known):
            continue
        has = {tag for file in known if is_wheel(file) for tag in parse_wheel_filename(file)[3]}
        found += [
            f"{name} on {python} {machine}"
            for python in PYTHONS
            for machine in machines
            if wanted(marker, python, *machine) and not has & tags(python, *machine)
        ]
    return found


def test_there_are_eight_locks() -> None:
    assert len(LOCKS) == 8


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_has_the_hash_of_every_file_that_the_index_lists(lock: Path) -> None:
    missing = {
        f"{name} {version}"
        for name, version, _, hashes in entries(lock)
        if not set(files()[name, version].values()) <= hashes
    }
    assert missing == set()


@pytest.mark.parametrize("lock", RUNTIME, ids=lambda lock: lock.stem)
def test_the_app_and_its_environments_install_everywhere_without_a_compiler(lock: Path) -> None:
    assert lacking(lock, archives=False) == []


def test_the_tests_packages_have_a_wheel_or_a_source_archive_everywhere() -> None:
    assert lacking(ROOT / "requirements-dev.txt", archives=True) == []


def test_the_list_of_files_contains_only_locked_releases() -> None:
    locked = {(name, version) for lock in LOCKS for name, version, *_ in entries(lock)}
    assert set(files()) == locked


def test_locking_ignores_every_index_that_pip_or_uv_is_configured_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX", "UV_FIND_LINKS"):
        monkeypatch.setenv(name, "https://packages.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/ca.pem")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert "packages.example" not in str(environment())
    assert environment()["SSL_CERT_FILE"] == "/etc/ca.pem"
