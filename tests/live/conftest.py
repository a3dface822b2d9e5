"""The runs that tests look at together: see once.py."""

from typing import Any

import pytest

from quiz.runs.engine.environments import Environments
from quiz.runs.run import Run
from tests.live.once import Asked, Play, ask, missing, play_all


@pytest.fixture(scope="session")
def played(
    request: pytest.FixtureRequest,
    environments: Environments,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[Asked, Run]:
    modules = {getattr(item, "module", None) for item in request.session.items}
    wanted = [asked for module in modules for asked in getattr(module, "WANTED", ())]
    return play_all(tmp_path_factory.mktemp("played"), wanted)


@pytest.fixture
def play(played: dict[Asked, Run]) -> Play:
    def found(*what: Any) -> Run:
        asked = ask(*what)
        if reason := missing(asked):
            pytest.skip(reason)
        return played[asked]

    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of a run waits until all runs are played."""
    for item in items:
        if hasattr(getattr(item, "module", None), "WANTED"):
            item.add_marker(pytest.mark.timeout(600))
            item.add_marker(pytest.mark.quiet)
