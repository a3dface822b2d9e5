"""The page of all components, which helps developers, is complete."""

import re

from fastapi.testclient import TestClient

from quiz.packs.schema import KINDS
from tests.web.conftest import Ask

STATES = ("queued", "running", "finished", "disturbed", "failed", "timed out", "cancelled")


def test_the_page_of_patterns_is_served_only_under_reload(client: TestClient, ask: Ask) -> None:
    assert client.get("/patterns").status_code == 404
    assert ask(reload=True).get("/patterns").status_code == 200


def test_the_page_shows_each_kind_and_each_state_of_a_run(ask: Ask) -> None:
    shown = set(re.findall(r'data-pattern="([^"]+)"', ask(reload=True).get("/patterns").text))
    states = ("unanswered", "refused", "right", "wrong", "shown")
    assert {f"{kind}, {state}" for kind in KINDS for state in states} <= shown
    assert set(STATES) <= shown


def test_no_id_of_the_page_occurs_twice(ask: Ask) -> None:
    page = ask(reload=True).get("/patterns").text
    assert "=&#34;" not in page
    names = re.findall(r'\bid="((?!hatch-)[^"]+)"', page)
    assert len(names) == len(set(names))


def test_the_page_of_patterns_stores_and_runs_nothing(ask: Ask) -> None:
    client = ask(reload=True)
    client.get("/patterns")
    assert client.get("/progress/export.json").json()["attempts"] == []
    assert "hx-sse:connect" not in client.get("/patterns").text
