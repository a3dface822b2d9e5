"""A hint: its price is said first, it needs no script, and it is kept with the answer."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.web import plain

# Two of its questions are on one concept, so that a miss of one offers the other.
HINTED = (
    plain.PLAIN.replace(
        "    explanation: Because <b>it</b> is.\n",
        "    hint: Look at the *first*.\n    explanation: Because <b>it</b> is.\n",
    )
    .replace("questions:\n", "concepts: {one-of-two: One of two}\nquestions:\n")
    .replace("    topic: first\n", "    topic: first\n    concept: one-of-two\n")
)
OFFER = "Show a hint (costs half a point)"


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app"), HINTED) as client:
        yield client


def asked(client: TestClient, **sent: str) -> str:
    return client.post(f"{plain.PICK}/hint", data=sent).text


def test_its_price_is_said_before_and_it_is_not_there_yet(client: TestClient) -> None:
    page = client.get(plain.PICK).text
    assert OFFER in page
    assert "Look at the" not in page
    assert OFFER not in client.get("/packs/plain/several").text


def test_the_main_button_stays_the_first_that_enter_presses(client: TestClient) -> None:
    page = client.get(plain.PICK).text
    assert page.index(">Answer</button>") < page.index(OFFER)


def test_with_it_the_form_keeps_what_was_filled_in(client: TestClient) -> None:
    page = asked(client, answer="o2")
    assert "Look at the <em>first</em>." in page
    assert 'value="o2" checked' in page
    assert OFFER not in page
    # A hint is not shown to other learners, nor at the next visit.
    assert "Look at the" not in client.get(plain.PICK).text


def test_a_right_answer_with_it_is_worth_half(client: TestClient) -> None:
    assert 'name="hinted" value="1"' in asked(client)
    href = plain.answer(client, plain.RIGHT | {"hinted": "1"})
    assert "Right, with a hint: that is worth half." in client.get(href).text
    (kept,) = client.get("/progress/export.json").json()["attempts"]
    assert (kept["score"], kept["hinted"]) == (0.5, True)


def test_it_is_no_miss_so_no_question_is_offered_for_it(client: TestClient) -> None:
    hinted = plain.answer(client, plain.RIGHT | {"hinted": "1"})
    assert "A question on the same concept" not in client.get(hinted).text
    wrong = plain.answer(client, plain.WRONG)
    assert "A question on the same concept" in client.get(wrong).text


def test_a_wrong_one_is_simply_wrong(client: TestClient) -> None:
    href = plain.answer(client, plain.WRONG | {"hinted": "1"})
    assert "worth half" not in client.get(href).text


def test_an_error_after_it_leaves_it_there(client: TestClient) -> None:
    reply = client.post(f"{plain.PICK}/attempts", data={"hinted": "1"})
    assert reply.status_code == 422
    assert "Look at the <em>first</em>." in reply.text


def test_where_there_is_none_nothing_is_halved(client: TestClient) -> None:
    plain.answer(client, {"answer": ["o1", "o2"], "hinted": "1"}, "/packs/plain/several")
    (kept,) = client.get("/progress/export.json").json()["attempts"]
    assert (kept["score"], kept["hinted"]) == (1.0, False)
