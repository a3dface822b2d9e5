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


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Clients of apps with the given settings, each a browser of its own."""
    with ExitStack() as stack:

        def ask(**given: Any) -> TestClient:
            settings = Settings(**{"data": tmp_path / "data", "cache": tmp_path / "cache"} | given)
            client = TestClient(create_app(settings), base_url="http://localhost:8000")
            return stack.enter_context(client)

        yield ask


@pytest.fixture
def client(ask: Ask) -> TestClient:
    return ask()
