"""A review asks with other numbers than last time, and stores the numbers."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests import packs
from tests.web import plain

DEMO = "demo: {name: task_order}\n    stem: How many seconds in all?"
VARIED = """demo: {name: task_order}
    vary: [{task_a_seconds: 1}, {task_a_seconds: 3}]
    stem: A takes {task_a_seconds} s. How many in all?
    hint: Add them."""
SUM = "answer: parameters.task_a_seconds + parameters.task_b_seconds"
ASKED = "/packs/small/seconds"
REVIEW = f"{ASKED}?from=review"
FIRST = {"task_a_seconds": 1.0, "task_b_seconds": 1.0}


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    text = packs.sound((DEMO, VARIED), ("answer: 3", SUM))
    with plain.served(tmp_path_factory.mktemp("app"), text) as client:
        yield client


def text(client: TestClient, path: str = REVIEW) -> str:
    return client.get(path).text


def send(client: TestClient, answer: str, draw: str | None = None, to: str = "attempts") -> Any:
    form = {"answer": answer, "token": plain.token(text(client))}
    more = {} if draw is None else {"draw": draw}
    path = f"{ASKED}/{to}?from=review"
    return client.post(path, data=form | more, follow_redirects=False)


def attempts(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/progress/export.json").json()["attempts"]
    return found


def bring(client: TestClient, rows: list[dict[str, Any]]) -> str:
    file = ("export.json", json.dumps({"attempts": rows}))
    return client.post("/progress/import", files={"file": file}).text


def test_a_question_is_first_asked_with_its_own_numbers(client: TestClient) -> None:
    for path in (ASKED, REVIEW):
        page = text(client, path)
        assert "A takes 2 s." in page
        assert 'name="draw"' not in page


def test_each_review_asks_with_the_next_set_of_numbers(client: TestClient) -> None:
    send(client, "3")
    for draw, shown in (("1", 1), ("2", 3)):
        page = text(client)
        assert f"A takes {shown} s." in page
        assert f'name="draw" value="{draw}"' in page
        assert "the numbers are different now" in page
        send(client, "3", draw)
    assert "A takes 2 s." in text(client)
    assert "A takes 2 s." in text(client, ASKED)


def test_a_reload_shows_the_same_numbers(client: TestClient) -> None:
    send(client, "3")
    pages = [text(client) for _ in range(3)]
    assert len({page.replace(plain.token(page), "") for page in pages}) == 1


def test_an_answer_is_graded_by_the_numbers_of_its_form(client: TestClient) -> None:
    for draw, answer in (("0", "3"), ("1", "2"), ("2", "4")):
        send(client, answer, draw)
    send(client, "3", "1")
    assert [one["score"] for one in attempts(client)] == [1.0, 1.0, 1.0, 0.0]
    drawn = [one["drawn"] for one in attempts(client)]
    assert drawn == [None, FIRST, {"task_a_seconds": 3.0, "task_b_seconds": 1.0}, FIRST]


def test_an_attempt_shows_its_numbers_and_links_the_demo_with_them(client: TestClient) -> None:
    send(client, "3")
    page = text(client, send(client, "2", "1").headers["location"])
    assert "A takes 1 s." in page
    assert "task_a_seconds=1&amp;task_b_seconds=1" in page
    assert "Right." in page
    assert 'name="task_a_seconds" value="1"' in page
    assert "A takes 1 s." in text(client, "/progress")


def test_a_hint_an_error_and_a_shown_answer_keep_the_numbers(client: TestClient) -> None:
    send(client, "3")
    hinted = send(client, "", "1", "hint").text
    assert "A takes 1 s." in hinted
    assert 'name="draw" value="1"' in hinted
    assert "A takes 1 s." in send(client, "nonsense", "1").text
    assert "A takes 1 s." in text(client, send(client, "", "1", "reveal").headers["location"])


@pytest.mark.parametrize("draw", ["3", "-1", "one", "", "1.0", "01"])
@pytest.mark.parametrize("to", ["attempts", "hint", "reveal"])
def test_unknown_numbers_are_refused(client: TestClient, draw: str, to: str) -> None:
    reply = send(client, "3", draw, to)
    assert reply.status_code == 422
    assert "draw: must be one of 0, 1, 2." in reply.text
    assert attempts(client) == []


def test_a_question_without_variants_accepts_no_numbers(client: TestClient) -> None:
    form = {"answer": "o2", "draw": "1"}
    assert client.post("/packs/small/total/attempts", data=form).status_code == 422


def test_an_export_imported_elsewhere_keeps_the_numbers(client: TestClient) -> None:
    send(client, "3")
    send(client, "2", "1")
    rows = attempts(client)
    client.cookies.clear()
    assert "2 answers imported" in bring(client, rows)
    assert [one["drawn"] for one in attempts(client)] == [None, FIRST]
    assert "A takes 3 s." in text(client)
    assert json.dumps(FIRST) in client.get("/progress/export.csv").text.replace('""', '"')


@pytest.mark.parametrize("drawn", ["much", [1], {"a": "b"}])
def test_malformed_numbers_are_not_imported(client: TestClient, drawn: Any) -> None:
    send(client, "3")
    (row,) = attempts(client)
    assert "drawn" in bring(client, [row | {"drawn": drawn}])


def test_removed_numbers_are_replaced_by_those_of_the_question(client: TestClient) -> None:
    send(client, "3")
    (row,) = attempts(client)
    client.cookies.clear()
    bring(client, [row | {"drawn": {"task_a_seconds": 4.5}}])
    assert "A takes 1 s." in text(client)
    page = text(client, "/progress")
    assert "A takes 2 s." in page
    kept = re.search(r'href="(/attempts/\w+)"', page)
    assert kept
    assert "numbers that the question no longer has" in text(client, kept[1])


def test_the_review_lists_questions_with_the_numbers_to_come(client: TestClient) -> None:
    at = datetime.now(UTC) - timedelta(days=5)
    row = {"token": "t", "pack": "small", "question": "seconds", "kind": "number", "answer": 1.0}
    bring(client, [row | {"score": 0.0, "at": at.isoformat()}])
    assert "A takes 1 s." in text(client, "/review")


def test_undo_of_an_answer_restores_its_numbers(client: TestClient) -> None:
    send(client, "3")
    href = send(client, "2", "1").headers["location"]
    assert "A takes 3 s." in text(client)
    client.post(href.replace("?", "/undo?"))
    assert "A takes 1 s." in text(client)
