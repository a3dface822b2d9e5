"""Apps in the test process. They share parsed catalogs, and they build no environment.

A catalog is parsed once per test process and set of pack files.
"""

import fcntl
import functools
import os
import tempfile
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.demos.locks import SHIPPED_LOCKS
from quiz.packs.catalog import CatalogStore
from quiz.settings import Settings

BASE_URL = "http://localhost:8000"
File = tuple[str, int, int]


def client(settings: Settings) -> TestClient:
    """A browser without cookies, connected to a new app."""
    return TestClient(app(settings), base_url=BASE_URL)


def app(settings: Settings) -> FastAPI:
    return create_app(settings, make_catalog=catalog)


def catalog(settings: Settings) -> CatalogStore:
    """The catalog of these packs as they are now. Apps with the same packs share it."""
    if settings.reload:
        return CatalogStore(settings)
    return _catalog(settings.packs, tuple(map(_files, settings.packs)))


@functools.cache
def _catalog(packs: tuple[Path, ...], files: tuple[tuple[File, ...], ...]) -> CatalogStore:
    return CatalogStore(Settings(packs=packs))


def _files(folder: Path) -> tuple[File, ...]:
    found = [(path, path.stat()) for path in sorted(folder.rglob("*"))]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@functools.cache
def locked_cache() -> Path:
    """A cache in which this process holds the lock of every shipped environment.

    A run here waits for its environment, as it does while another process builds the environment.
    The locks end with the process. `pytest_unconfigure` deletes the folder.
    """
    cache = Path(tempfile.mkdtemp(prefix="cache-"))
    (cache / "environments").mkdir()
    for lock in SHIPPED_LOCKS.glob("*.txt"):
        file = cache / "environments" / f"{lock.stem}.lock"
        fcntl.flock(os.open(file, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
    return cache
