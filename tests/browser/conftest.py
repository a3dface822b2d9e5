"""A real browser: the Chromium of Debian if installed, otherwise that of Playwright."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from quiz.runs.engine.environments import Environments
from tests.serving import Server, shared

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser(environments: Environments) -> Iterator[Browser]:
    """A module's own, and after the environments: while it is there no other event loop may run."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: `make test` installs one")
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as error:
            pytest.fail(f"Chromium does not start: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shipped(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with shared(tmp_path_factory.mktemp("shipped")) as server:
        yield server


@pytest.fixture(scope="module")
def server(shipped: Server) -> Server:
    """The app with its shipped settings. A module that needs other settings has its own fixture."""
    return shipped


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    yield server.address
    server.end_runs()
