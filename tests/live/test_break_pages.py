"""Breaking into a run from its page, with and without script, and over the JSON API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from quiz.settings import Settings
from tests.live.test_pages_of_runs import HTMX, LONG, ONCE, RUN, live_of, served
from tests.live.test_sandbox_api import fits
from tests.web import plain

MAY_BREAK = ("environments: [current]", "environments: [current]\n    breaks: [web]")
WEB = {"what": "web"}


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    with served(settings, tmp_path, MAY_BREAK) as client:
        yield client


def begun(client: TestClient) -> str:
    """The address of a run that goes on: its page comes as soon as it can be broken."""
    run = str(client.post(RUN, data=LONG, follow_redirects=False).headers["location"])
    assert 'name="what" value="web">Kill the web process' in client.get(run).text
    return run


def test_without_script_the_page_waits_for_the_end_after_the_break(client: TestClient) -> None:
    run = begun(client)
    answer = client.post(f"{run}/break", data=WEB)
    assert str(answer.url).endswith(f"{run}?look=again")
    assert "Broken by hand: the web process was killed." in answer.text
    assert "was killed by hand" in answer.text
    assert "<dt>Lost or not done</dt><dd>work</dd>" in answer.text
    assert "Break it" not in answer.text


def test_with_script_the_stream_shows_the_effect_of_a_break(client: TestClient) -> None:
    run = begun(client)
    answer = client.post(f"{run}/break", data=WEB, headers=HTMX)
    assert (answer.status_code, answer.text) == (204, "")
    with client.stream("GET", f"{run}/live", headers=HTMX) as stream:
        assert "killed by hand" in stream.read().decode()


def test_only_the_learner_who_started_a_run_can_break_it(client: TestClient) -> None:
    run = begun(client)
    client.cookies.clear()
    assert "Break it" not in client.get(run).text
    assert client.post(f"{run}/break", data=WEB).status_code == 403


def test_an_impossible_break_is_refused_with_a_sentence(client: TestClient) -> None:
    run = begun(client)
    answer = client.post(f"{run}/break", data={"what": "wbe"})
    assert answer.status_code == 409
    assert "Did you mean web?" in answer.text
    client.post(f"{run}/cancel")
    assert "This run is over" in client.post(f"{run}/break", data=WEB).text


def test_a_broken_run_decides_no_options(settings: Settings, tmp_path: Path) -> None:
    lasts = ("stage.settle()", "stage.pause(60)")
    with served(settings, tmp_path, MAY_BREAK, lasts) as client:
        attempt = plain.answer(client, {"answer": "o1"}, ONCE)
        run = live_of(client.get(attempt).text).partition("/live")[0]
        client.get(run)
        sent = WEB | {"attempt": attempt.removeprefix("/attempts/")}
        answer = client.post(f"{run}/break", data=sent, follow_redirects=False)
        assert answer.headers["location"] == attempt
        html = client.get(f"{attempt}?look=again").text
        assert "No program was left that could continue." in html
        assert "You broke into this run, so it says nothing of the options." in html


def test_the_api_can_break_a_run(client: TestClient) -> None:
    (demo,) = [d for d in client.get("/sandbox").json()["demos"] if d["name"] == "sample"]
    assert demo["variants"][0]["breaks"] == ["web"]
    run = begun(client).replace("/runs/", "/sandbox/runs/")
    answer = client.post(f"{run}/break", json=WEB)
    assert (answer.status_code, answer.headers["location"]) == (202, run)
    fits(answer.json(), "Started")
    ended = client.get(f"{run.removeprefix('/sandbox')}?look=again")
    assert ended.status_code == 200
    said = client.get(run).json()
    fits(said, "Run")
    assert (said["breaks"], said["broken"], said["facts"]["lost"]) == (["web"], ["web"], ["work"])


def test_the_api_refuses_an_unknown_break(client: TestClient) -> None:
    run = begun(client).replace("/runs/", "/sandbox/runs/")
    wrong: tuple[object, ...] = ({}, {"what": 1}, {"what": "web", "when": "now"}, [])
    for body in wrong:
        answer = client.post(f"{run}/break", json=body)
        assert answer.status_code == 422
    answer = client.post(f"{run}/break", json={"what": "worker"})
    assert answer.status_code == 409
    assert "There are: web." in answer.json()["detail"]
    assert client.post("/sandbox/runs/nobody/break", json=WEB).status_code == 404
