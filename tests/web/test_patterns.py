"""The page of all components: there for who works on them, and whole."""

import re

from fastapi.testclient import TestClient

from quiz.packs.schema import KINDS
from tests.web.conftest import Ask

STATES = ("queued", "running", "finished", "disturbed", "failed", "timed out", "cancelled")


def test_it_is_served_under_reload_only(client: TestClient, ask: Ask) -> None:
    assert client.get("/patterns").status_code == 404
    assert ask(reload=True).get("/patterns").status_code == 200


def test_it_has_every_kind_before_and_after_and_every_state_of_a_run(ask: Ask) -> None:
    shown = set(re.findall(r'data-pattern="([^"]+)"', ask(reload=True).get("/patterns").text))
    states = ("unanswered", "refused", "right", "wrong", "shown")
    assert {f"{kind}, {state}" for kind in KINDS for state in states} <= shown
    assert set(STATES) <= shown


def test_no_name_stands_twice(ask: Ask) -> None:
    page = ask(reload=True).get("/patterns").text
    assert "=&#34;" not in page
    names = re.findall(r'\bid="((?!hatch-)[^"]+)"', page)
    assert len(names) == len(set(names))


def test_nothing_is_stored_or_run(ask: Ask) -> None:
    client = ask(reload=True)
    client.get("/patterns")
    assert client.get("/progress/export.json").json()["attempts"] == []
    assert "hx-sse:connect" not in client.get("/patterns").text
