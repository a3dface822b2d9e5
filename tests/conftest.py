"""Fixtures of all tests: settings, storage, environments, and the check for leaks."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from quiz.demos.locks import SHIPPED_LOCKS
from quiz.runs.engine.environments import Environments
from quiz.settings import Settings
from tests import leaks

REALLY_RUN = {"live", "browser"}
# How long an example takes is the machine's matter; what it shows is the test's.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    leaks.mark()
    # Runs keep their folders in a folder of this session. Other sessions' folders are no leak.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    tempfile.tempdir = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="quiz-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with their own data folder, and with the cache of environments that tests share."""
    cache = Settings.read(os.environ).cache
    return Settings(data=tmp_path / "data", cache=cache, port=0)


@pytest.fixture(scope="session")
def environments() -> Environments:
    """The built environments of the shipped demos."""
    found = Environments((SHIPPED_LOCKS,), Settings.read(os.environ).cache)
    for name in found.names:
        asyncio.run(found.build(name))
    return found


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_at_the_end() -> Iterator[None]:
    before = leaks.snapshot(zygotes=True)
    yield
    assert leaks.left_since(before, zygotes=True) == []


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Checks after a test with real runs that everything it started has ended."""
    # Who looks at runs that were played before starts nothing.
    if not REALLY_RUN & set(request.path.parts) or "play" in request.fixturenames:
        yield
        return
    request.getfixturevalue("environments")
    before = leaks.snapshot()
    yield
    assert leaks.left_since(before) == []
