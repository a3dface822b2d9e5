"""The page of a run that waits, takes long, is stopped or fails. No run is lost."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.demos.loader import load_demos
from quiz.runs.scheduler import STARTS_AT_ONCE
from quiz.settings import Settings
from tests import serving
from tests.live.test_pages_of_runs import HTMX, LONG, QUICK, RUN, live_of, served

FAULT = 'class="fault"'
TOLD = re.compile(r"Running\.|place \d+ in the queue, about \d+ s left")
MEANT = [
    *(("failing_task", variant) for variant in load_demos()[0]["failing_task"].variants),
    ("dropped_tasks", "raising"),
]


@pytest.fixture
def real(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url="http://localhost:8000") as client:
        yield client


@pytest.mark.parametrize(("demo", "variant"), MEANT)
def test_an_intended_failure_is_shown_like_any_other_run(
    real: TestClient, demo: str, variant: str
) -> None:
    html = real.post(f"/demos/{demo}/runs", data={"variant": variant}).text
    assert "data-timeline" in html
    # On a busy machine it says that, as any other run does: in that state, too, it has finished.
    assert set(re.findall(f'{FAULT} data-state="(\\w+)"', html)) <= {"finished"}
    assert "is at fault" not in html
    assert "Run again · about" in html


def test_a_run_ended_by_the_time_limit_shows_its_steps_and_timeline(
    settings: Settings, tmp_path: Path
) -> None:
    said = ("stage.settle()", "stage.step('Wait for it.')\n    stage.settle(seconds=90)")
    with served(settings, tmp_path, said, run_seconds=1.0) as client:
        html = client.post(RUN, data=LONG).text
        assert "A limit ended this run: It ran longer than 1 s." in html
        assert "data-timeline" in html
        assert "work" in html.split("data-timeline")[1]
        assert "<li>Wait for it.</li>" in html
        assert "Run again · about 1 s" in html


def test_a_run_lost_by_the_server_is_shown_as_a_fault_of_the_app(
    settings: Settings, tmp_path: Path
) -> None:
    with served(settings, tmp_path) as client:
        run = live_of(client.post(RUN, data=LONG, headers=HTMX).text).removesuffix("/live")
        assert "work" in _until(client, run, "data-timeline")
    with served(settings, tmp_path) as client:
        html = client.get(run).text
        assert "The app is at fault, not the demo: The server was stopped while it ran." in html
        assert "data-timeline" in html
        assert "Run again" in html


def test_a_cancelled_run_keeps_its_timeline(settings: Settings, tmp_path: Path) -> None:
    with served(settings, tmp_path) as client:
        client.get("/")
        run = live_of(client.post(RUN, data=LONG, headers=HTMX).text).removesuffix("/live")
        _until(client, run, "data-timeline")
        html = client.post(f"{run}/cancel", headers=HTMX).text
        assert '<p class="fault" data-state="cancelled">This run was cancelled.</p>' in html
        assert "data-timeline" in html
        assert "Run again" in html


def test_a_demo_over_three_seconds_shows_its_steps_while_it_runs(
    settings: Settings, tmp_path: Path
) -> None:
    said = ("stage.settle()", "stage.step('Wait for it.')\n    stage.settle()")
    with served(settings, tmp_path, said, ("seconds: 1.0", "seconds: 3.1")) as client:
        html = client.post(RUN, data={"seconds": "0.4"}, headers=HTMX).text
        messages = client.get(live_of(html)).text.split("\n\n")
        running = [m for m in messages if "Running. It takes about 3 s." in m]
        assert any("<li>Wait for it.</li>" in message for message in running)
        assert not any("<li>Wait for it.</li>" in message for message in messages[-3:])


def test_a_run_longer_than_expected_shows_its_steps_too(settings: Settings, tmp_path: Path) -> None:
    said = ("stage.settle()", "stage.step('Wait for it.')\n    stage.settle()")
    with served(settings, tmp_path, said) as client:
        html = client.post(RUN, data=LONG, headers=HTMX).text
        assert "Wait for it." not in html
        _until(client, live_of(html).removesuffix("/live"), "<li>Wait for it.</li>")


def test_a_waiting_learner_sees_the_remaining_seconds_fall(
    settings: Settings, tmp_path: Path
) -> None:
    with served(settings, tmp_path, ("seconds: 1.0", "seconds: 4.0"), memory_mb=1) as client:
        client.post(RUN, data={"seconds": "2.5"}, headers=HTMX)
        client.cookies.clear()
        html = client.post(RUN, data=QUICK, headers=HTMX).text
        told = re.findall(r"about (\d+) s left", client.get(live_of(html)).text)
        assert told[0] == "4"
        assert int(told[-1]) < int(told[0])


def test_thirty_learners_who_press_run_at_once_all_see_their_place_and_their_run(
    settings: Settings,
) -> None:
    with serving.served(settings) as (host, port):
        address = f"http://{host}:{port}"
        _learner(address)
        with ThreadPoolExecutor(30) as class_room:
            seen = list(class_room.map(_learner, [address] * 30))
    pressed, ended = zip(*seen, strict=True)
    assert all(TOLD.search(html) for html in pressed), pressed
    assert sum("place" in html for html in pressed) >= 10 - STARTS_AT_ONCE
    assert all("event: done" in stream and "Link to this run" in stream for stream in ended)
    assert not any("is at fault" in stream or "A limit" in stream for stream in ended)


def _learner(address: str) -> tuple[str, str]:
    """Texts that a learner sees who opens the first page, presses Run and watches."""
    with httpx2.Client(base_url=address, timeout=50.0) as browser:
        browser.get("/").raise_for_status()
        pressed = browser.post("/demos/task_order/runs", headers=HTMX).raise_for_status().text
        return pressed, browser.get(live_of(pressed)).text


def _until(client: TestClient, run: str, text: str) -> str:
    """The run's stream up to the message that has this text."""
    seen = ""
    with client.stream("GET", f"{run}/live") as stream:
        for line in stream.iter_lines():
            seen += f"{line}\n"
            if text in seen:
                return seen
    raise AssertionError(f"{text} never came: {seen}")
