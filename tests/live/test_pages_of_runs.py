"""Runs on pages: started by an answer, drawn live, waited for without script, cancelled."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.settings import Settings
from tests import packs
from tests.live.players import write_demo
from tests.web import plain

HTMX = {"HX-Request": "true"}
RUN = "/demos/sample/runs"
QUICK, LONG = {"seconds": "0.05"}, {"seconds": "60"}
PACK = """\
pack: ran
title: A pack that runs
topics: {only: {title: The only topic}}
questions:
  - id: once
    kind: choice
    topic: only
    difficulty: 1
    demo: {name: sample, parameters: {seconds: 0.05}}
    vary: [{seconds: 0.1}]
    excerpt: start
    stem: It takes {seconds} s. How often does it run?
    shuffle: false
    options:
      - {text: Once, key: true, holds: count.work == 1, why: It is added once.}
      - {text: Twice, holds: count.work == 2, why: It is added once.}
    explanation: It is added once.
"""
ONCE = "/packs/ran/once"


def served(settings: Settings, folder: Path, *changes: tuple[str, str], **given: Any) -> TestClient:
    """An app with the demo `sample`, as changed, and a question about it."""
    packs.write(folder / "packs", PACK, "ran.yaml")
    (folder / "packs" / "demos").mkdir(exist_ok=True)
    shutil.rmtree(folder / "packs" / "demos" / "sample", ignore_errors=True)
    write_demo(folder / "packs" / "demos")
    for file in (folder / "packs" / "demos" / "sample").iterdir():
        text = file.read_text()
        for old, new in changes:
            text = text.replace(old, new)
        file.write_text(text)
    places: dict[str, Any] = {
        "data": settings.data,
        "cache": settings.cache,
        "packs": (folder / "packs",),
    }
    return TestClient(create_app(Settings(**places | given)), base_url="http://localhost:8000")


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    with served(settings, tmp_path) as client:
        yield client


def live_of(html: str) -> str:
    found = re.search(r'hx-sse:connect="([^"]+)"', html)
    assert found
    return found[1].replace("&amp;", "&")


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))


def look_until_a_run_decides(client: TestClient, attempt: str) -> str:
    """On a busy machine a run may decide nothing, as it says itself: then it is repeated."""
    for _ in range(5):
        html = client.get(f"{attempt}?look=again").text
        if 'id="run-fault"' not in html:
            return html
        client.post(RUN, data=hidden(html))
    raise AssertionError("The machine is too busy for any run to decide.")


def test_an_answer_starts_a_run_and_the_options_show_its_outcomes(client: TestClient) -> None:
    attempt = plain.answer(client, {"answer": "o2"}, ONCE)
    html = look_until_a_run_decides(client, attempt)
    assert html.count("This run: held") == 1
    assert html.count("This run: did not hold") == 1
    assert "work ran once" in html
    assert "data-timeline" in html
    assert "hx-sse:connect" not in html


def test_an_answer_with_other_numbers_starts_a_run_with_them(client: TestClient) -> None:
    look_until_a_run_decides(client, plain.answer(client, {"answer": "o1"}, ONCE))
    asked = client.get(f"{ONCE}?from=review").text
    assert "It takes 0.1 s." in asked
    form = hidden(asked) | {"answer": "o1"}
    reply = client.post(f"{ONCE}/attempts", data=form, follow_redirects=False)
    html = look_until_a_run_decides(client, reply.headers["location"])
    assert "This run: held" in html
    assert 'name="seconds" value="0.1"' in html


def test_the_feedback_never_waits_for_its_run(settings: Settings, tmp_path: Path) -> None:
    with served(settings, tmp_path) as client:
        client.post(RUN, data=LONG, follow_redirects=False)
        html = client.get(plain.answer(client, {"answer": "o2"}, ONCE)).text
        assert "Not yet." in html
        assert "This run: held" not in html


def test_a_live_stream_ends_with_the_options_and_done(client: TestClient) -> None:
    answer = client.post(f"{ONCE}/attempts", data={"answer": "o1"}, headers=HTMX)
    stream = client.get(live_of(answer.text)).text
    assert stream.rstrip().endswith("event: done\ndata:")
    last = stream.split("\n\n")[-3]
    assert 'hx-target="#options"' in last
    assert "This run: held" in last
    assert "data-timeline" in last
    assert 'hx-target="#run-record"' in last
    # Unnamed messages are swapped; only the end has a name.
    assert stream.count("event: ") == 1


def test_a_late_client_receives_the_timeline_of_a_finished_run(
    client: TestClient,
) -> None:
    run = client.post(RUN, data=QUICK).url.path
    stream = client.get(f"{run}/live").text
    assert stream.count("event: done") == 1
    assert "data-timeline" in stream


def test_a_form_leads_to_the_page_of_the_finished_run(client: TestClient) -> None:
    answer = client.post(RUN, data=QUICK)
    assert answer.url.path.startswith("/runs/")
    assert "The client had its 200" in re.sub("<[^>]+>", "", answer.text)
    assert "SECONDS = <span" in answer.text
    assert "0.05" in answer.text


def test_a_fact_of_a_demo_is_shown_with_unit_and_explanation(
    settings: Settings, tmp_path: Path
) -> None:
    said = ("stage.settle()", "stage.settle()\n    stage.fact('lamps', 3, title='Lamps')")
    entry = "extra:\n  lamps: {title: Lamps sold, unit: lamps, about: Counted at the end.}\n"
    with served(settings, tmp_path, said, ("variants:", f"{entry}variants:")) as client:
        html = client.post(RUN, data=QUICK).text
        facts = re.search(r'<dl class="facts">(.*?)</dl>', html)
        assert facts
        assert re.findall("<d[dt][^>]*>([^<]+)", facts[1]) == [
            "Lamps sold",
            "3 lamps",
            "Counted at the end.",
        ]


def test_a_curve_is_explained_below_the_picture(settings: Settings, tmp_path: Path) -> None:
    said = ("stage.settle()", "stage.settle()\n    stage.sample('lamps', 3.0)")
    entry = "curves:\n  lamps: {title: Lamps sold, unit: lamps, about: Counted by hand.}\n"
    with served(settings, tmp_path, said, ("variants:", f"{entry}variants:")) as client:
        html = client.post(RUN, data=QUICK).text
        assert '<p class="note"><b>Lamps sold</b>: Counted by hand.</p>' in html


OWN_PAGES = (
    "stage.settle()",
    "stage.pages('Sales', 'uvicorn', 'main:app', '--port={port}')\n    stage.step('Up.')\n"
    "    stage.pause(60)",
)


def started_with_pages(client: TestClient) -> str:
    """The address of a run whose program, which serves pages, is up."""
    client.get("/")
    run = live_of(client.post(RUN, data=QUICK, headers=HTMX).text).removesuffix("/live")
    deadline = time.monotonic() + 20
    while "Up." not in client.get(f"/sandbox{run}").json()["steps"]:
        assert time.monotonic() < deadline, "the program did not come up"
        time.sleep(0.05)
    return run


def test_a_program_s_own_pages_are_linked_while_the_run_lasts(
    settings: Settings, tmp_path: Path
) -> None:
    with served(settings, tmp_path, OWN_PAGES) as client:
        run = started_with_pages(client)
        (link,) = re.findall(r'<a href="(http://127[^"]+)"', client.get(run, headers=HTMX).text)
        with urlopen(f"{link}openapi.json") as answer:
            assert answer.status == 200
        assert link not in client.post(f"{run}/cancel").text


def test_a_program_s_own_pages_are_not_linked_for_other_machines(
    settings: Settings, tmp_path: Path
) -> None:
    with served(settings, tmp_path, OWN_PAGES, host="0.0.0.0", open_access=True) as client:
        run = started_with_pages(client)
        assert "http://127" not in client.get(run, headers=HTMX).text


def test_htmx_receives_the_run_panel_at_once(client: TestClient) -> None:
    answer = client.post(RUN, data=LONG, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<section class="lab" id="lab"')
    assert live_of(answer.text).endswith("/live")


def test_a_fragment_of_a_run_is_part_of_its_page(client: TestClient) -> None:
    run = client.post(RUN, data=QUICK).url.path
    assert client.get(run, headers=HTMX).text.strip() in client.get(run).text


def test_pressing_run_during_a_run_shows_the_active_run(client: TestClient) -> None:
    client.get("/")
    first = client.post(RUN, data=LONG, headers=HTMX).text
    second = client.post(RUN, data=QUICK, headers=HTMX).text
    assert live_of(first) == live_of(second)
    assert "One run at a time" in second


def test_a_learner_can_cancel_their_run(client: TestClient) -> None:
    client.get("/")
    html = client.post(RUN, data=LONG, headers=HTMX).text
    run = live_of(html).removesuffix("/live")
    cancelled = client.post(f"{run}/cancel")
    assert cancelled.url.path == run
    assert "This run was cancelled." in cancelled.text
    assert "Run again" in cancelled.text


def test_a_learner_cannot_cancel_the_run_of_another(client: TestClient) -> None:
    client.get("/")
    run = live_of(client.post(RUN, data=LONG, headers=HTMX).text).removesuffix("/live")
    client.cookies.clear()
    client.get("/")
    assert client.post(f"{run}/cancel").status_code == 403


def test_a_long_run_waits_for_a_press_on_run(settings: Settings, tmp_path: Path) -> None:
    with served(settings, tmp_path, ("seconds: 1.0", "seconds: 6.2")) as client:
        attempt = plain.answer(client, {"answer": "o1"}, ONCE)
        html = client.get(attempt).text
        assert "Run · about 6 s" in html
        assert "hx-sse:connect" not in html
        answer = client.post(RUN, data=hidden(html))
        assert answer.url.path == attempt
        assert "This run: held" in look_until_a_run_decides(client, attempt)


def test_an_experiment_does_not_replace_the_run_of_the_attempt(client: TestClient) -> None:
    attempt = plain.answer(client, {"answer": "o1"}, ONCE)
    client.get(f"{attempt}?look=again")
    fields = QUICK | {"seconds": "0.07", "attempt": attempt.rsplit("/", 1)[1]}
    answer = client.post(RUN, data=fields)
    assert answer.url.path.startswith("/runs/")
    assert "This run: held" in client.get(attempt).text


def test_a_span_can_be_selected_in_the_address(client: TestClient) -> None:
    run = client.post(RUN, data=QUICK).url.path
    html = client.get(f"{run}?span=2").text
    assert "is-chosen" in html
    assert 'aria-current="true"' in html.split("data-timeline")[1]


def test_a_run_is_compared_with_its_prediction(client: TestClient) -> None:
    wrong = {"lane-work": "worker", "start-work": "0", "length-work": "1", "lane-start": "never"}
    for _ in range(5):
        answer = client.post(RUN, data=QUICK | wrong | {"lock": "yes", "sent": "0"})
        if 'id="run-fault"' not in answer.text:
            break
    assert "work:worker:0:1" in answer.url.params["predicted"]
    assert "Your prediction: 1 of " in answer.text
    assert "work · predicted" in answer.text
    assert 'name="predicted" value="slot:' in answer.text
    for path in (answer.url.path, f"{answer.url.path}/live"):
        refused = client.get(f"{path}?predicted=work:moon")
        assert refused.status_code == 422
        assert "This is no prediction" in refused.text


def test_a_run_without_its_environment_is_refused_with_the_command(
    settings: Settings, tmp_path: Path
) -> None:
    with served(settings, tmp_path, ("[current]", "[nowhere]")) as client:
        answer = client.post(RUN, data=QUICK)
        assert answer.status_code == 409
        assert "nowhere" in answer.text
        attempt = plain.answer(client, {"answer": "o1"}, ONCE)
        assert "Right." in client.get(attempt).text


def test_a_waiting_learner_sees_their_place_and_can_cancel(
    settings: Settings, tmp_path: Path
) -> None:
    with served(settings, tmp_path, memory_mb=1) as client:
        client.post(RUN, data=LONG, headers=HTMX)
        client.cookies.clear()
        client.get("/")
        attempt = plain.answer(client, {"answer": "o1"}, ONCE)
        assert "Run · about 1 s" in client.get(attempt).text
        html = client.post(RUN, data=QUICK, headers=HTMX).text
        assert re.search(r"place 1 in the queue, about \d+ s left", html)
        run = live_of(html).removesuffix("/live")
        assert "This run was cancelled." in client.post(f"{run}/cancel", headers=HTMX).text


def test_a_full_queue_returns_503_with_the_time_to_wait(settings: Settings, tmp_path: Path) -> None:
    with served(settings, tmp_path, memory_mb=1, queue_length=0) as client:
        client.post(RUN, data=LONG, headers=HTMX)
        client.cookies.clear()
        answer = client.post(RUN, data=QUICK)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1


def test_a_failed_run_names_the_part_at_fault(settings: Settings, tmp_path: Path) -> None:
    broken = ("stage.settle()", 'raise RuntimeError("no such step")')
    with served(settings, tmp_path, broken) as client:
        html = client.post(RUN, data=QUICK).text
        assert "The demo is at fault" in html
        assert "Run again" in html
        assert "data-timeline" in html


def test_an_evicted_run_offers_to_run_again(settings: Settings, tmp_path: Path) -> None:
    with served(settings, tmp_path, stored_runs=0) as client:
        run = client.post(RUN, data=QUICK).url.path
        # Once the next one has ended there was time to make room.
        client.post(RUN, data=QUICK)
    with served(settings, tmp_path) as client:
        answer = client.get(run)
        assert answer.status_code == 410
        assert "/demos/sample?variant=plain" in answer.text
        assert "seconds=0.05" in answer.text


def test_a_run_lists_the_versions_of_its_imports(settings: Settings, tmp_path: Path) -> None:
    more = ("import asyncio\n", "import asyncio\nimport os\n\nimport redis\n")
    with served(settings, tmp_path, more) as client:
        html = client.post(RUN, data=QUICK).text
        told = re.search(r"This run: ([^<]+)\.", html)
        assert told
        names = [entry.rpartition(" ")[0] for entry in told[1].split(", ")]
        assert names == ["FastAPI", "Starlette", "uvicorn", "redis-py", "Python"]
