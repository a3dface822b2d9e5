"""The review without script: due questions, the next question, and undo."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from tests.web import plain

ALL = ("pick", "several", "lines", "seconds")


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def answered(client: TestClient, days_ago: int, *questions: str, score: float = 0.0) -> None:
    """As brought in from elsewhere: misses, unless said otherwise, which come back a day later."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    rows = [
        {"token": f"{id} {days_ago}", "pack": "plain", "question": id, "kind": "choice"}
        | {"answer": ["o2"], "score": score, "at": at.isoformat()}
        for id in questions
    ]
    text = json.dumps({"attempts": rows})
    client.post("/progress/import", files={"file": ("export.json", text)})


def reviewed(client: TestClient) -> str:
    """Answers `pick` wrong in the review, and returns the address of the attempt."""
    asked = text(client, f"{plain.PICK}?from=review")
    action = f"{plain.PICK}/attempts?from=review"
    assert f'action="{action}"' in asked
    form = plain.WRONG | {"token": plain.token(asked)}
    return str(client.post(action, data=form, follow_redirects=False).headers["location"])


def text(client: TestClient, path: str) -> str:
    return client.get(path).text


def test_a_newcomer_reads_that_there_is_nothing_to_review(client: TestClient) -> None:
    assert "Nothing to review yet." in text(client, "/review")
    assert "Review 1" not in text(client, "/")


def test_due_questions_are_counted_timed_and_asked_one_after_another(client: TestClient) -> None:
    answered(client, 5, "pick")
    answered(client, 3, "several", "lines")
    assert "Review 3 · about 2 min" in text(client, "/review")
    assert 'href="/packs/plain/pick?from=review">Review 3 · about 2 min' in text(client, "/")
    first = reviewed(client)
    assert first.endswith("?from=review")
    assert re.search(r'href="[^"]+\?from=review" data-next>Next: 2 left<', text(client, first))


def test_after_the_last_review_the_page_shows_the_next_date(client: TestClient) -> None:
    answered(client, 2, "pick")
    last = reviewed(client)
    assert 'href="/review" data-next>All reviewed<' in text(client, last)
    assert "Nothing is due." in text(client, "/review")
    assert "The next question comes back on " in text(client, "/review")


def test_a_day_has_a_limit_and_the_rest_can_be_spread(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.learning.review_queue.DAILY", 2)
    answered(client, 4, *ALL)
    page = text(client, "/review")
    assert "Review 2 " in page
    assert "2 more are due" in page
    assert "Review 4 " in text(client, "/review?all")
    assert "spread over the next days" in client.post("/review/spread").text
    assert "more are due" not in text(client, "/review")
    assert "spread over the next days" not in client.post("/review/spread").text


def test_confidence_is_stored_and_optional(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT | {"confidence": "certain"})
    plain.answer(client, plain.RIGHT, "/packs/plain/several")
    plain.answer(client, {"answer": "3", "confidence": "nonsense"}, "/packs/plain/seconds")
    kept = client.get("/progress/export.json").json()["attempts"]
    assert [one["confidence"] for one in kept] == ["certain", None, None]


def test_a_certain_wrong_answer_is_emphasised_and_due_tomorrow(
    client: TestClient,
) -> None:
    page = text(client, plain.answer(client, plain.WRONG | {"confidence": "certain"}))
    assert "You were certain." in page
    assert "is-surprise" in page
    assert "It comes back tomorrow, on " in page
    sure = text(client, plain.answer(client, {"answer": "3"}, "/packs/plain/seconds"))
    assert "You were certain." not in sure


def test_after_a_correction_the_page_shows_only_the_new_date(client: TestClient) -> None:
    attempt = plain.answer(client, plain.WRONG | {"confidence": "certain"})
    client.post(f"{attempt}/correction", data={"said": "soon"})
    page = text(client, attempt)
    assert "You were certain." in page
    assert "It comes back in 2 days, on " in page
    assert "tomorrow" not in page


def test_a_learner_can_correct_the_due_date_and_undo_the_correction(client: TestClient) -> None:
    href = plain.answer(client, plain.RIGHT | {"confidence": "certain"})
    before = days(text(client, href))
    client.post(f"{href}/correction", data={"said": "soon"})
    page = text(client, href)
    assert days(page) > before
    assert 'value="soon" aria-pressed="true"' in page
    client.post(f"{href}/correction", data={"said": "fine"})
    assert days(text(client, href)) == before


def days(page: str) -> int:
    found = re.search(r"It comes back in (\d+) days", page)
    assert found, page
    return int(found[1])


def test_an_unknown_correction_is_refused_with_the_known_ones(client: TestClient) -> None:
    href = plain.answer(client, plain.RIGHT)
    reply = client.post(f"{href}/correction", data={"said": "never"})
    assert reply.status_code == 422
    assert "soon, fine, late" in reply.text


def test_undo_removes_the_last_answer_completely(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT, "/packs/plain/several")
    before = client.get("/progress/export.json").json()
    href = plain.answer(client, plain.WRONG)
    assert f'action="{href}/undo"' in text(client, href)
    assert client.post(f"{href}/undo").url.path == "/packs/plain/pick"
    assert client.get("/progress/export.json").json() == before
    assert "You answered this on" not in text(client, plain.PICK)
    assert client.get(href, follow_redirects=False).status_code == 404


def test_only_the_last_answer_can_be_undone(client: TestClient) -> None:
    first = plain.answer(client, plain.RIGHT)
    plain.answer(client, plain.RIGHT, "/packs/plain/several")
    assert "/undo" not in text(client, first)
    reply = client.post(f"{first}/undo")
    assert reply.status_code == 409
    assert "only the last answer is taken back" in reply.text
    assert len(client.get("/progress/export.json").json()["attempts"]) == 2


def test_after_the_clock_was_set_back_the_last_answer_is_still_the_last(
    client: TestClient,
) -> None:
    client.get("/")
    row = {"token": "t", "pack": "plain", "question": "pick", "kind": "choice", "answer": ["o1"]}
    ahead = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    text = json.dumps({"attempts": [row | {"score": 1, "at": ahead}]})
    client.post("/progress/import", files={"file": ("export.json", text)})
    last = plain.answer(client, plain.WRONG)
    assert client.post(f"{last}/undo", follow_redirects=False).status_code == 303
    left = client.get("/progress/export.json").json()["attempts"]
    assert [attempt["token"] for attempt in left] == ["t"]


def test_a_learner_cannot_undo_or_move_the_answers_of_another(client: TestClient) -> None:
    href = plain.answer(client, plain.RIGHT)
    mine = dict(client.cookies)
    client.cookies.clear()
    assert client.post(f"{href}/undo").status_code == 404
    assert client.post(f"{href}/correction", data={"said": "late"}).status_code == 404
    client.cookies.update(mine)
    assert client.get("/progress/export.json").json()["attempts"][0]["correction"] is None
