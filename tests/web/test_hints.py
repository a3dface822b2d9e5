"""Hints: the price is shown first, no script is needed, and the attempt stores the hint."""

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


def test_the_price_of_a_hint_is_shown_before_the_hint(client: TestClient) -> None:
    page = client.get(plain.PICK).text
    assert OFFER in page
    assert "Look at the" not in page
    assert OFFER not in client.get("/packs/plain/several").text


def test_enter_still_presses_the_main_button(client: TestClient) -> None:
    page = client.get(plain.PICK).text
    assert page.index(">Answer</button>") < page.index(OFFER)


def test_a_hint_keeps_the_chosen_option_in_the_form(client: TestClient) -> None:
    page = asked(client, answer="o2")
    assert "Look at the <em>first</em>." in page
    assert 'value="o2" checked' in page
    assert OFFER not in page
    # A hint is not shown to other learners, nor at the next visit.
    assert "Look at the" not in client.get(plain.PICK).text


def test_a_right_answer_with_a_hint_scores_half(client: TestClient) -> None:
    assert 'name="hinted" value="1"' in asked(client)
    href = plain.answer(client, plain.RIGHT | {"hinted": "1"})
    assert "Right, with a hint: that is worth half." in client.get(href).text
    (kept,) = client.get("/progress/export.json").json()["attempts"]
    assert (kept["score"], kept["hinted"]) == (0.5, True)


def test_a_right_answer_with_a_hint_offers_no_question_to_practise(client: TestClient) -> None:
    hinted = plain.answer(client, plain.RIGHT | {"hinted": "1"})
    assert "A question on the same concept" not in client.get(hinted).text
    wrong = plain.answer(client, plain.WRONG)
    assert "A question on the same concept" in client.get(wrong).text


def test_a_wrong_answer_with_a_hint_is_wrong(client: TestClient) -> None:
    href = plain.answer(client, plain.WRONG | {"hinted": "1"})
    assert "worth half" not in client.get(href).text


def test_an_invalid_answer_keeps_the_hint_on_the_page(client: TestClient) -> None:
    reply = client.post(f"{plain.PICK}/attempts", data={"hinted": "1"})
    assert reply.status_code == 422
    assert "Look at the <em>first</em>." in reply.text


def test_a_question_without_a_hint_never_scores_half(client: TestClient) -> None:
    plain.answer(client, {"answer": ["o1", "o2"], "hinted": "1"}, "/packs/plain/several")
    (kept,) = client.get("/progress/export.json").json()["attempts"]
    assert (kept["score"], kept["hinted"]) == (1.0, False)
