"""A topic in one sitting: the next question, the end, and the retry of missed questions."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.web import plain

SEVERAL, LINES = "/packs/plain/several", "/packs/plain/lines"
DONE = "/topics/plain/first/done"
ALL_RIGHT = {"answer": ["o1", "o2"]}
ORDERED = {"position-a": "1", "position-b": "2"}
REVERSED = {"position-a": "2", "position-b": "1"}


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def ahead(client: TestClient, path: str) -> tuple[str, str]:
    """Address and text of the link to the next page."""
    found = re.search(r'href="([^"]+)" data-next>([^<]+)<', client.get(path).text)
    assert found, path
    return found[1], found[2]


def retry(client: TestClient) -> tuple[str, str] | None:
    found = re.search(r'href="([^"]+)">(Retry [^<]+)<', client.get(DONE).text)
    return (found[1], found[2]) if found else None


def missed_two(client: TestClient) -> None:
    """Answers the first and the last question of the topic wrong."""
    plain.answer(client, plain.WRONG)
    plain.answer(client, ALL_RIGHT, SEVERAL)
    plain.answer(client, REVERSED, LINES)


def test_retry_asks_all_missed_questions_and_returns_to_the_end(client: TestClient) -> None:
    missed_two(client)
    assert retry(client) == (plain.PICK, "Retry the 2 you missed")
    first = plain.answer(client, plain.WRONG)
    assert ahead(client, first) == (LINES, "Next one you missed")
    last = plain.answer(client, ORDERED, LINES)
    assert ahead(client, last) == (DONE, "See how it went")
    assert retry(client) == (plain.PICK, "Retry the one you missed")


def test_questions_answered_right_later_are_not_retried(client: TestClient) -> None:
    missed_two(client)
    plain.answer(client, plain.RIGHT)
    plain.answer(client, ORDERED, LINES)
    assert retry(client) is None


def test_an_immediate_retry_continues_with_the_next_question(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    assert ahead(client, plain.answer(client, plain.RIGHT)) == (SEVERAL, "Next question")


def test_an_earlier_answer_links_the_current_question(client: TestClient) -> None:
    first = plain.answer(client, plain.RIGHT)
    plain.answer(client, ALL_RIGHT, SEVERAL)
    assert ahead(client, first) == (LINES, "Next question")


def test_the_end_shows_each_question_right_wrong_or_shown(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    plain.answer(client, ALL_RIGHT, SEVERAL)
    client.post(f"{LINES}/reveal", data={"token": "t"})
    page = client.get(DONE).text
    marks = re.findall(r'<li><a class="list__row"[^>]*><span class="pip" data-mark="(\w+)"', page)
    assert marks == ["wrong", "right", "shown"]
    assert retry(client) == (plain.PICK, "Retry the 2 you missed")


def test_the_parts_of_the_end_have_a_fixed_order_and_name_the_next_topic(
    client: TestClient,
) -> None:
    missed_two(client)
    page = client.get(DONE).text
    parts = (
        "First try ",
        "Retry the 2",
        "Rules of thumb",
        "In the interview",
        "Next topic: The second topic",
        "1 question · about 1 min",
    )
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert ahead(client, DONE) == ("/packs/plain/seconds", "Start: question 1 of 1")


def test_the_end_links_an_open_question_while_there_is_one(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    assert ahead(client, DONE) == (SEVERAL, "Go on: question 2 of 3")
    assert 'class="button main"' in client.get(DONE).text


def test_the_end_of_the_last_topic_says_that_the_pack_is_done(client: TestClient) -> None:
    missed_two(client)
    plain.answer(client, {"answer": "3"}, "/packs/plain/seconds")
    page = client.get("/topics/plain/second/done").text
    assert "You have answered all of A plain pack" in page
    assert 'href="/topics/plain/interview"' in page
    assert len(re.findall('class="button main"', page)) == 1


def test_each_page_of_a_topic_links_all_questions_with_their_marks(client: TestClient) -> None:
    attempt = plain.answer(client, plain.WRONG)
    for path in (attempt, SEVERAL):
        page = client.get(path).text
        pips = re.findall(r'<a class="pip" href="([^"]+)"', page)
        assert pips == [plain.PICK, SEVERAL, LINES]
        assert "Question 1: wrong on the first try" in page
