"""Sent answers: stored once, answered with feedback, and visible only to their learner."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.web import plain
from tests.web.conftest import Ask

HTMX = {"HX-Request": "true"}
SEND = f"{plain.PICK}/attempts"
SEVERAL = "/packs/plain/several"


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def stored(client: TestClient) -> int:
    return len(client.get("/progress/export.json").json()["attempts"])


def test_an_answer_redirects_to_its_feedback(client: TestClient) -> None:
    html = client.get(plain.answer(client, plain.WRONG)).text
    assert "Not yet." in html
    assert "Right answer" in html
    assert "Your answer · Not true" in html
    assert "Because &lt;b&gt;it&lt;/b&gt; is." in html
    assert "Take this one." in html
    assert 'href="https://example.org/why/"' in html


def test_the_feedback_shows_each_option_with_its_status_and_reason(client: TestClient) -> None:
    html = client.get(plain.answer(client, {"answer": ["o1", "o3"]}, SEVERAL)).text
    told = re.findall(r'aria-hidden="true">(.)</span><span>(\w+)<small>(\w+)\..+<em>([^<]+)<', html)
    assert told == [
        ("✓", "One", "Yes", "Your answer · Right answer"),
        ("✓", "Two", "Yes", "Right answer"),
        ("✗", "Three", "No", "Your answer · Not true"),
    ]


@pytest.mark.parametrize(
    ("form", "mark", "words"),
    [
        (plain.RIGHT, "right", '<span aria-hidden="true">✓</span> Right.'),
        (plain.WRONG, "wrong", '<span aria-hidden="true">✗</span> Not yet.'),
    ],
)
def test_the_verdict_is_a_word_a_sign_and_a_colour(
    client: TestClient, form: dict[str, str], mark: str, words: str
) -> None:
    html = client.get(plain.answer(client, form)).text
    assert f'<div class="verdict {mark}">' in html
    assert words in html


def test_feedback_goes_from_the_options_to_the_way_on(client: TestClient) -> None:
    html = client.get(plain.answer(client, plain.WRONG)).text
    parts = ('id="options"', 'id="verdict"', "Because &lt;b&gt;", "Rule of thumb", "data-next")
    places = [html.index(part) for part in (*parts, "Try again")]
    assert places == sorted(places)


def test_only_a_wrong_answer_names_the_misconception_behind_it(client: TestClient) -> None:
    belief = "A common belief</b> That is <em>this</em>."
    assert belief in client.get(plain.answer(client, plain.WRONG)).text
    assert "A common belief" not in client.get(plain.answer(client, plain.RIGHT)).text


def test_a_new_verdict_gets_the_focus(client: TestClient) -> None:
    html = client.get(plain.answer(client, plain.RIGHT)).text
    assert re.search(r'<h2 id="verdict" tabindex="-1" autofocus>', html)


def test_a_partly_right_answer_has_its_own_verdict(client: TestClient) -> None:
    html = client.get(plain.answer(client, {"answer": "o1"}, "/packs/plain/several")).text
    assert 'class="verdict partly"' in html
    assert "Partly right: 1 of 2 right answers." in html


def test_htmx_receives_the_feedback_as_a_fragment_with_its_address(client: TestClient) -> None:
    answer = client.post(SEND, data=plain.RIGHT, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"].startswith("/attempts/")
    page = client.get(answer.headers["hx-push-url"]).text
    assert answer.text.strip() in page


def test_a_boosted_form_is_redirected_to_the_page(client: TestClient) -> None:
    headers = HTMX | {"HX-Boosted": "true"}
    answer = client.post(SEND, data=plain.RIGHT, headers=headers, follow_redirects=False)
    assert answer.status_code == 303


@pytest.mark.parametrize("again", [plain.RIGHT, plain.WRONG])
def test_a_form_sent_twice_counts_once_and_shows_the_first_feedback(
    client: TestClient, again: dict[str, str]
) -> None:
    token = {"token": "the-same"}
    first = client.post(SEND, data=plain.RIGHT | token, follow_redirects=False)
    second = client.post(SEND, data=again | token, follow_redirects=False)
    assert second.headers["location"] == first.headers["location"]
    assert stored(client) == 1
    fragment = client.post(SEND, data=again | token, headers=HTMX)
    assert fragment.headers["hx-push-url"] == first.headers["location"]


def test_an_answer_without_a_token_or_a_cookie_is_stored(client: TestClient) -> None:
    client.cookies.clear()
    answer = client.post(SEND, data=plain.RIGHT)
    assert answer.status_code == 200
    assert "Right." in answer.text
    assert stored(client) == 1


def test_an_immediate_retry_is_practice_and_the_page_says_when_a_retry_counts(
    client: TestClient,
) -> None:
    first = client.get(plain.answer(client, plain.WRONG)).text
    again = client.get(plain.answer(client, plain.RIGHT)).text
    assert "Practice:" not in first
    assert "Practice: your score stays as it was. A retry counts once you have answered" in again


def test_a_shown_answer_is_stored_as_not_answered(client: TestClient) -> None:
    answer = client.post(f"{plain.PICK}/reveal", data={"token": "t"})
    assert answer.status_code == 200
    assert "Shown, not answered." in answer.text
    assert "Your answer" not in answer.text
    assert "shown, not answered" in client.get(plain.PICK).text


def test_the_page_of_another_learners_attempt_redirects_to_the_question(client: TestClient) -> None:
    attempt = plain.answer(client, plain.RIGHT)
    client.cookies.clear()
    answer = client.get(attempt, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, plain.PICK)


def test_the_next_link_skips_answered_questions_and_ends_with_the_topic(client: TestClient) -> None:
    def next_after(form: dict[str, str], question: str) -> str:
        html = client.get(plain.answer(client, form, question)).text
        found = re.search(r'href="([^"]+)" data-next', html)
        assert found
        return found[1]

    assert next_after({"answer": "o1"}, "/packs/plain/several") == "/packs/plain/lines"
    lines = {"position-a": "1", "position-b": "2"}
    assert next_after(lines, "/packs/plain/lines") == "/packs/plain/pick"
    assert next_after(plain.RIGHT, plain.PICK) == "/topics/plain/first/done"


def test_an_attempt_at_a_removed_question_says_that_the_answer_is_kept(
    ask: Ask, tmp_path: Path
) -> None:
    client = ask(packs=(plain.folder(tmp_path),), reload=True)
    attempt = plain.answer(client, plain.RIGHT)
    plain.folder(tmp_path, plain.PLAIN.replace("id: pick", "id: picked"))
    answer = client.get(attempt)
    assert answer.status_code == 404
    assert re.search(r"You answered it on \d+ \w+; that answer is kept\.", answer.text)
    assert 'href="/packs/plain"' in answer.text
    assert 'href="/progress"' in answer.text


def test_attempts_at_a_removed_question_stay_in_the_history(ask: Ask, tmp_path: Path) -> None:
    client = ask(packs=(plain.folder(tmp_path),), reload=True)
    plain.answer(client, plain.WRONG)
    plain.folder(tmp_path, plain.PLAIN.replace("id: pick", "id: picked"))
    html = client.get("/progress").text
    assert "pick <span" in html
    assert "(no longer in a pack)" in html
    assert stored(client) == 1
    plain.folder(tmp_path)
    assert "You answered this on" in client.get(plain.PICK).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (plain.PLAIN.replace("pack: plain", "pack: plane"), "Did you mean plane?"),
        (plain.PLAIN.replace("key: true", "kye: true", 1), "`quiz check` prints all"),
    ],
)
def test_an_attempt_of_a_removed_or_broken_pack_says_what_to_do(
    ask: Ask, tmp_path: Path, text: str, words: str
) -> None:
    client = ask(packs=(plain.folder(tmp_path),), reload=True)
    attempt = plain.answer(client, plain.RIGHT)
    plain.folder(tmp_path, text)
    answer = client.get(attempt)
    assert answer.status_code == 404
    assert words in answer.text
    assert "that answer is kept." in answer.text
    assert "pick <span" in client.get("/progress").text
    assert client.get("/").status_code == 200


def test_an_answer_that_cannot_be_stored_returns_an_error(client: TestClient) -> None:
    form = plain.RIGHT | {"token": "t"}
    answer = client.post("/packs/plain/none/attempts", data=form, follow_redirects=False)
    assert answer.status_code == 404
    assert stored(client) == 0
