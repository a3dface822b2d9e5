"""A question before its answer: its form, refused answers, and no observation on the page."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.web import plain

HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def test_the_form_has_real_fields_a_token_and_two_buttons(client: TestClient) -> None:
    html = client.get(plain.PICK).text
    assert html.count('type="radio" name="answer"') == 2
    assert "<legend>Choose one</legend>" in html
    assert f'action="{plain.PICK}/attempts"' in html
    assert f'formaction="{plain.PICK}/reveal"' in html
    assert plain.token(html) != plain.token(client.get(plain.PICK).text)


def test_the_stem_is_the_heading_and_holds_no_raw_html(client: TestClient) -> None:
    html = client.get(plain.PICK).text
    assert re.search(r"<h1>Which one of <code>these</code> is right\?</h1>", html)


def test_the_page_contains_nothing_of_the_answer_before_an_attempt(client: TestClient) -> None:
    html = client.get("/packs/background-tasks/two-tasks-total").text
    for said_later in ("Right answer", "One list, awaited", "Rule of thumb", "data-timeline"):
        assert said_later not in html
    assert "TASK_A_SECONDS" not in html
    assert "background_tasks" in html


def test_a_question_with_several_right_options_has_checkboxes(client: TestClient) -> None:
    html = client.get("/packs/plain/several").text
    assert html.count('type="checkbox" name="answer"') == 3
    assert "Choose all that apply" in html


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("pick", {}),
        ("pick", {"answer": "o9"}),
        ("several", {}),
        ("lines", {"position-a": "1"}),
        ("seconds", {"answer": "three"}),
    ],
)
def test_an_invalid_answer_is_refused_and_not_stored(
    client: TestClient, question: str, form: dict[str, str]
) -> None:
    answer = client.post(f"/packs/plain/{question}/attempts", data=form)
    assert answer.status_code == 422
    assert 'id="answer-error"' in answer.text
    assert "Nothing answered yet" in client.get("/progress").text


def test_a_refused_answer_stays_in_the_form_beside_the_error(client: TestClient) -> None:
    page = client.post("/packs/plain/seconds/attempts", data={"answer": "thr<ee"}).text
    assert 'value="thr&lt;ee"' in page
    lines = client.post("/packs/plain/lines/attempts", data={"position-b": "2"}).text
    assert re.search(r'name="position-b"[^>]*value="2"', lines)


def test_htmx_receives_the_form_again_after_a_refusal(client: TestClient) -> None:
    answer = client.post(f"{plain.PICK}/attempts", headers=HTMX)
    assert answer.status_code == 422
    assert answer.text.strip().startswith('<div class="column" id="card">')


def test_an_answered_question_can_be_answered_again_and_links_the_last_attempt(
    client: TestClient,
) -> None:
    attempt = plain.answer(client, plain.WRONG)
    html = client.get(plain.PICK).text
    assert 'type="radio"' in html
    line = re.search(r"You answered this on [^<]+", html)
    assert line
    assert "wrong on the first try" in line[0]
    assert f'href="{attempt}"' in html


def test_the_trail_names_the_mark_of_each_question_in_words(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    html = client.get("/packs/plain/several").text
    assert "Question 1: right on the first try" in html
    assert "Question 2: not answered, this one" in html
    assert html.count('aria-current="step"') == 1


def test_a_learner_always_sees_the_options_in_the_same_order(client: TestClient) -> None:
    path = "/packs/background-tasks/what-the-client-waits-for"

    def order() -> list[str]:
        return re.findall(r'name="answer" value="([^"]+)"', client.get(path).text)

    assert order() == order()


@pytest.mark.parametrize(
    ("question", "points"),
    [
        ("pick", "A right answer counts 1, any other 0."),
        ("several", "Partial credit: each right answer that you choose adds an equal part"),
        ("lines", "The right order counts 1, any other 0."),
        ("seconds", "A right answer counts 1, any other 0."),
    ],
)
def test_the_page_explains_the_scoring_of_the_question(
    client: TestClient, question: str, points: str
) -> None:
    html = client.get(f"/packs/plain/{question}").text
    note = html[html.index("<summary>What counts</summary>") :]
    assert points in note
    assert "once you have answered three other questions since, or on a later day" in note
