"""Clients of apps with real storage. The apps run in the test process; their runs never start."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from quiz.settings import Settings
from tests import apps

Ask = Callable[..., TestClient]


def _client(folder: Path, given: dict[str, Any]) -> TestClient:
    return apps.client(Settings(**{"data": folder / "data", "cache": apps.locked_cache()} | given))


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Creates clients of apps with the given settings. Each client has its own cookies."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(_client(tmp_path, given))


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with _client(tmp_path_factory.mktemp("app"), {}) as client:
        yield client


@pytest.fixture
def client(app_client: TestClient) -> TestClient:
    """A new learner. The tests of a module share the app."""
    app_client.cookies.clear()
    return app_client
