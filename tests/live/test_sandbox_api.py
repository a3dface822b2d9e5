"""The JSON API over runs that really run, as a caller without a browser uses it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.settings import Settings
from quiz.web.features.api.openapi_routes import document
from tests.live.players import SCENARIO, write_demo
from tests.web.test_storage_failures import refuse_writes

QUICK = {"parameters": {"seconds": 0.05}}
LONG = {"parameters": {"seconds": 60}}
START = "/sandbox/sample/runs"
WAIT = {"Prefer": "wait=20"}


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "pack" / "demos").mkdir(parents=True)
    write_demo(
        tmp_path / "pack" / "demos", scenario=SCENARIO + '    stage.fact("n", 1, title="N")\n'
    )
    given = Settings(data=settings.data, cache=settings.cache, packs=(tmp_path / "pack",))
    with TestClient(create_app(given), base_url="http://localhost:8000") as client:
        yield client


def fits(value: Any, name: str) -> None:
    whole = document([])
    schema = {"$ref": f"#/components/schemas/{name}", "components": whole["components"]}
    jsonschema.validate(value, schema, jsonschema.Draft202012Validator)


def messages(client: TestClient, id: str, after: int | None = None) -> list[dict[str, Any]]:
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with client.stream("GET", f"/sandbox/runs/{id}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        blocks = [b for b in answer.read().decode().split("\n\n") if b and not b.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def test_a_run_is_accepted_and_can_be_read_at_its_address(client: TestClient) -> None:
    answer = client.post(START, json=QUICK)
    assert answer.status_code == 202
    fits(answer.json(), "Started")
    assert answer.headers["location"] == f"/sandbox/runs/{answer.json()['id']}"
    assert int(answer.headers["retry-after"]) >= 1
    run = client.get(answer.headers["location"]).json()
    fits(run, "Run")
    assert run["parameters"] == {"seconds": 0.05}


def test_a_client_that_waits_receives_the_finished_run(client: TestClient) -> None:
    answer = client.post(START, json=QUICK, headers=WAIT)
    run = answer.json()
    assert (answer.status_code, run["status"]) == (200, "finished")
    assert answer.headers["preference-applied"] == "wait=20"
    fits(run, "Run")
    assert run["facts"]["response"]["status"] == 200
    starts = [span["start_ms"] for span in run["spans"]]
    assert starts == sorted(starts)
    assert "SECONDS = 0.05" in run["source"]["main.py"]


def test_a_run_without_a_body_uses_the_defaults(client: TestClient) -> None:
    run = client.post(START, headers=WAIT).json()
    assert (run["variant"], run["environment"], run["status"]) == ("plain", "current", "finished")


def test_a_client_that_does_not_wait_receives_the_address_of_the_run(client: TestClient) -> None:
    answer = client.post(START, json=LONG, headers={"Prefer": "respond-async, wait=0"})
    assert answer.status_code == 202
    client.delete(answer.headers["location"])


def test_the_timeline_is_available_as_text(client: TestClient) -> None:
    answer = client.post(START, json=QUICK, headers=WAIT | {"Accept": "text/plain"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "event loop" in answer.text
    assert "work" in answer.text
    later = client.get(answer.headers["content-location"], headers={"Accept": "text/plain"})
    assert later.text == answer.text


def test_a_run_can_be_cancelled_twice(client: TestClient) -> None:
    address = client.post(START, json=LONG).headers["location"]
    first = client.delete(address)
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert client.delete(address).json() == first.json()


def test_events_are_streamed_one_by_one_and_can_be_resumed(client: TestClient) -> None:
    id = client.post(START, json=QUICK).json()["id"]
    heard = messages(client, id)
    assert [int(message["id"]) for message in heard] == list(range(1, len(heard) + 1))
    for message in heard:
        fits(json.loads(message["data"]), "Event")
    run = client.get(f"/sandbox/runs/{id}").json()
    assert sorted(e["id"] for e in run["events"]) == [int(m["id"]) for m in heard]
    assert messages(client, id, after=3) == heard[3:]
    last = client.get(f"/sandbox/runs/{id}/events", headers={"Last-Event-ID": heard[-1]["id"]})
    assert last.status_code == 204


def test_an_invalid_last_event_id_is_refused(client: TestClient) -> None:
    id = client.post(START, json=QUICK).json()["id"]
    answer = client.get(f"/sandbox/runs/{id}/events", headers={"Last-Event-ID": "x"})
    assert (answer.status_code, answer.json()["detail"][:13]) == (422, "Last-Event-ID")
    client.delete(f"/sandbox/runs/{id}")


def test_a_run_is_available_as_a_trace(client: TestClient) -> None:
    run = client.post(START, json=QUICK, headers=WAIT).json()
    trace = client.get(f"/sandbox/runs/{run['id']}/trace").json()
    slices = [entry for entry in trace["traceEvents"] if entry["ph"] == "X"]
    assert {"work", "start"} <= {entry["name"] for entry in slices}
    assert trace["otherData"]["id"] == run["id"]


def test_with_the_cookie_the_active_run_is_returned(client: TestClient) -> None:
    client.get("/docs")
    first = client.post(START, json=LONG).json()["id"]
    assert client.post(START, json=QUICK).json()["id"] == first
    client.delete(f"/sandbox/runs/{first}")
    client.cookies.clear()
    assert client.post(START, json=QUICK, headers=WAIT).json()["id"] != first


@pytest.mark.parametrize("stranger", ["no cookie", "another cookie"])
def test_a_learner_cannot_cancel_or_break_the_run_of_another(
    client: TestClient, stranger: str
) -> None:
    client.get("/docs")
    owner = dict(client.cookies)
    address = client.post(START, json=LONG).headers["location"]
    client.cookies.clear()
    if stranger == "another cookie":
        client.get("/docs")
    assert client.delete(address).status_code == 403
    assert client.post(f"{address}/break", json={"what": "web"}).status_code == 403
    assert client.get(address).json()["status"] in ("queued", "running")
    client.cookies.update(owner)
    assert client.delete(address).json()["status"] == "cancelled"


def test_130_runs_without_a_cookie_do_not_delay_a_learner(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "demos").mkdir()
    write_demo(tmp_path / "demos")
    given = replace(settings, packs=(tmp_path,), memory_mb=200, queue_length=20)
    with TestClient(create_app(given), base_url="http://localhost:8000") as client:
        answers = [client.post(START, json=LONG) for _ in range(130)]
        accepted = [answer for answer in answers if answer.status_code == 202]
        assert len(accepted) < 20
        assert {answer.status_code for answer in answers} == {202, 503}
        assert "Without this site's cookie" in answers[-1].json()["detail"]
        assert int(answers[-1].headers["retry-after"]) >= 1
        client.get("/docs")
        assert client.post(START, json=QUICK, headers=WAIT).json()["status"] == "finished"
        client.cookies.clear()
        for answer in accepted:
            client.delete(answer.headers["location"])


def test_a_full_queue_returns_503_with_retry_after(settings: Settings) -> None:
    given = Settings(data=settings.data, cache=settings.cache, queue_length=0)
    with TestClient(create_app(given), base_url="http://localhost:8000") as client:
        answer = client.post("/sandbox/task_order/runs")
        assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_run_that_cannot_be_stored_returns_503_and_is_ended(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    given = Settings(data=settings.data, cache=settings.cache)
    with TestClient(create_app(given), base_url="http://localhost:8000") as client:
        refuse_writes(client)
        answer = client.post("/sandbox/task_order/runs")
        assert (answer.status_code, answer.headers["content-type"]) == (
            503,
            "application/problem+json",
        )
        assert str(settings.data) not in answer.text
        runs = client.app_state["runs"]
        assert runs._live.unfinished() == []
    assert "was not stored" in caplog.text


def test_an_evicted_run_returns_410(settings: Settings, tmp_path: Path) -> None:
    given = Settings(data=settings.data, cache=settings.cache, stored_runs=1)
    with TestClient(create_app(given), base_url="http://localhost:8000") as client:
        body = {"parameters": {"task_a_seconds": 0.1, "task_b_seconds": 0.1}}
        ids = [
            client.post("/sandbox/task_order/runs", json=body, headers=WAIT).json()["id"]
            for _ in range(3)
        ]
    with TestClient(create_app(given), base_url="http://localhost:8000") as client:
        answer = client.get(f"/sandbox/runs/{ids[0]}")
        assert (answer.status_code, answer.json()["title"]) == (410, "This run is gone")
