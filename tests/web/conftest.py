"""An app over a real database, asked in process. Its cache is empty: no zygote is warmed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.settings import Settings

Ask = Callable[..., TestClient]


def _client(folder: Path, given: dict[str, Any]) -> TestClient:
    settings = Settings(**{"data": folder / "data", "cache": folder / "cache"} | given)
    return TestClient(create_app(settings), base_url="http://localhost:8000")


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Clients of apps with the given settings, each with a browser's own cookies."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(_client(tmp_path, given))


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with _client(tmp_path_factory.mktemp("app"), {}) as client:
        yield client


@pytest.fixture
def client(app_client: TestClient) -> TestClient:
    """A new learner, of an app that the tests of a module share."""
    app_client.cookies.clear()
    return app_client
