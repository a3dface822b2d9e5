"""One engine for a module's tests."""

from collections.abc import Iterator

import pytest

from tests.live.once import Once


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Once]:
    with Once(tmp_path_factory.mktemp("runs")) as once:
        yield once
