"""A timeline is predicted on plain pages: as a question, and before a demo runs."""

import re

from fastapi.testclient import TestClient

from quiz.packs.catalog import load
from quiz.settings import Settings
from quiz.web.components.runs.prediction_input import grid_of
from quiz.web.components.runs.run_choice import choose
from tests.web import plain

DRAWN = "/packs/background-tasks/draw-two-in-a-list"
RIGHT = {
    "lane-task_a": "event loop",
    "start-task_a": "0",
    "length-task_a": "4",
    "lane-task_b": "event loop",
    "start-task_b": "4",
    "length-task_b": "2",
    "sent": "0",
}


def chosen(html: str, name: str) -> str:
    select = html.split(f'name="{name}"')[1].split("</select>")[0]
    found = re.search(r'value="([^"]*)" selected', select)
    assert found
    return found[1]


def test_without_script_the_selects_alone_are_shown(client: TestClient) -> None:
    html = client.get(DRAWN).text
    assert html.count("<select") == 7
    assert re.search(r"<figure[^>]* data-predict=\"8\" hidden>", html)
    assert "Lock prediction</button>" in html
    assert "Just show me" in html


def test_a_locked_prediction_is_graded_by_its_relations(client: TestClient) -> None:
    html = client.get(plain.answer(client, RIGHT | {"start-task_b": "1"}, DRAWN)).text
    assert "Partly right: 3 of 4 relations are as in the run." in html
    assert html.count("In your answer") == 3
    assert html.count("Not in your answer") == 1
    right = client.get(plain.answer(client, RIGHT, DRAWN)).text
    assert "Right." in right
    assert "Not in your answer" not in right


def test_an_incomplete_prediction_is_refused_and_stays_in_the_form(client: TestClient) -> None:
    given = RIGHT | {"lane-task_b": "", "start-task_a": "3"}
    answer = client.post(f"{DRAWN}/attempts", data=given)
    assert answer.status_code == 422
    assert "task_b has no place yet." in answer.text
    assert chosen(answer.text, "lane-task_a") == "event loop"
    assert chosen(answer.text, "start-task_a") == "3"
    assert "not placed yet" in answer.text


def test_the_page_of_a_demo_offers_a_prediction_and_just_show_me(client: TestClient) -> None:
    html = client.get("/demos/task_order?variant=gathered").text
    form = html.split('id="knobs"')[1].split("</form>")[0]
    assert "Just show me · about 2 s" in form
    assert "Predict first" in form
    for task in ("task_a", "task_b", "both_tasks", "create_item"):
        assert f'name="lane-{task}"' in form


def test_an_empty_prediction_is_refused_and_the_grid_stays_open(client: TestClient) -> None:
    given = {"variant": "gathered", "task_a_seconds": "1", "lock": "yes", "lane-task_a": ""}
    answer = client.post("/demos/task_order/runs", data=given)
    assert answer.status_code == 422
    assert "Nothing is predicted yet." in answer.text
    assert '<details class="foretell" open>' in answer.text


def test_the_run_of_every_demo_fits_into_its_grid() -> None:
    for demo in load(Settings()).demos.values():
        for variant in demo.variants.values():
            grid = grid_of(choose(demo, variant.name))
            assert grid.tasks, demo.name
            assert 3 <= grid.slots <= 12, variant
            assert variant.seconds <= grid.slots * grid.slot_seconds
