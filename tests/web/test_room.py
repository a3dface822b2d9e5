"""The projector page: who joins, what is counted and hidden. Its run is tested in tests/live."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from quiz.storage.classroom import Poll
from quiz.web.core.request import State
from tests.web import plain
from tests.web.conftest import Ask

WALL = f"{plain.PICK}/room"
SECRET = "chalk and board"
TEACHER = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture
def client(ask: Ask, tmp_path: Path) -> TestClient:
    client = ask(packs=(plain.folder(tmp_path),), class_=True, teacher=SECRET)
    client.headers.update(TEACHER)
    return client


def begin(client: TestClient, question: str = plain.PICK) -> str:
    """The projector page after the start of a round."""
    return client.post(f"{question}/room/round").text


def counts(html: str) -> dict[str, int]:
    found = re.findall(r'tally__text">(.*?)(?: <em>.*?)?</span><b class="tally__n">(\d+)', html)
    return {re.sub("<[^>]+>", "", text): int(n) for text, n in found}


def answered(html: str) -> int:
    found = re.search(r"<b>(\d+)</b> answered", html)
    assert found, html
    return int(found[1])


def vote(client: TestClient, form: dict[str, str | list[str]], question: str = plain.PICK) -> None:
    """Another learner answers."""
    client.cookies.clear()
    plain.answer(client, form, question)


def test_without_class_mode_there_is_no_projector_page_and_no_link(
    ask: Ask, tmp_path: Path
) -> None:
    alone = ask(packs=(plain.folder(tmp_path),))
    assert "/room" not in alone.get(plain.PICK).text
    for path in ("/room", WALL, f"{WALL}/live", "/teacher"):
        assert alone.get(path).status_code == 404
    assert alone.post(f"{WALL}/show").status_code == 404


def test_a_question_links_its_projector_page_with_options_in_file_order(
    client: TestClient, tmp_path: Path
) -> None:
    assert f'href="{WALL}"' in client.get(plain.PICK).text
    html = begin(client)
    assert "Which one of <code>these</code> is right?" in html
    assert html.index("This one") < html.index("That one")


def test_before_show_only_the_number_of_answers_is_shown(client: TestClient) -> None:
    begin(client)
    vote(client, {"answer": "o1"})
    vote(client, {"answer": "o2"})
    vote(client, {"answer": "o2"})
    hidden = client.get(WALL).text
    assert (answered(hidden), counts(hidden)) == (3, {})
    assert "Right answer" not in hidden
    shown = client.post(f"{WALL}/show")
    assert shown.url.path == WALL
    assert counts(shown.text) == {"This one": 1, "That one": 2}
    assert "Right answer" in shown.text


def test_only_answers_since_the_start_of_the_round_count(client: TestClient) -> None:
    vote(client, {"answer": "o1"})
    assert answered(begin(client)) == 0
    vote(client, {"answer": "o2"})
    assert answered(client.get(WALL).text) == 1
    again = client.post(f"{WALL}/round").text
    assert answered(again) == 0
    assert "Show the counts" in again


def test_the_first_answer_of_each_learner_in_a_round_counts(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    begin(client)
    plain.answer(client, plain.WRONG)
    plain.answer(client, plain.RIGHT)
    shown = client.post(f"{WALL}/show").text
    assert counts(shown) == {"This one": 0, "That one": 1}


def test_learners_who_had_the_answer_shown_are_counted_separately(client: TestClient) -> None:
    begin(client)
    client.post(f"{plain.PICK}/reveal")
    plain.answer(client, plain.RIGHT)
    html = client.get(WALL).text
    assert answered(html) == 0
    assert "1 had it shown" in html


@pytest.mark.parametrize(
    ("question", "forms", "hidden", "expected"),
    [
        ("several", [{"answer": ["o1", "o3"]}, {"answer": "o1"}], 3, [2, 0, 1]),
        ("seconds", [{"answer": "7"}, {"answer": "3"}, {"answer": "3,0"}], 0, [2, 1]),
        (
            "lines",
            [{"position-a": "1", "position-b": "2"}, {"position-a": "2", "position-b": "1"}],
            0,
            [1, 1],
        ),
    ],
)
def test_every_kind_of_question_has_counts(
    client: TestClient, question: str, forms: list[dict[str, str]], hidden: int, expected: list[int]
) -> None:
    address = f"/packs/plain/{question}"
    assert begin(client, address).count("tally__text") == hidden
    for form in forms:
        vote(client, {**form}, address)
    html = client.post(f"{address}/room/show").text
    assert list(counts(html).values()) == expected


def test_the_projector_shows_lines_to_order_in_another_order(client: TestClient) -> None:
    html = begin(client, "/packs/plain/lines")
    assert html.index("Second</li>") < html.index("First</li>")


def test_the_short_address_redirects_to_the_projected_question(client: TestClient) -> None:
    assert client.get("/room").status_code == 404
    begin(client)
    begin(client, "/packs/plain/lines")
    assert client.get("/room").url.path == "/packs/plain/lines"
    client.post(f"{WALL}/round")
    assert client.get("/room").url.path == plain.PICK


def test_a_projector_page_from_an_earlier_day_starts_again(client: TestClient) -> None:
    begin(client)
    vote(client, {"answer": "o1"})
    storage: State = client.app_state["storage"]
    old = Poll(pack="plain", question="pick", began=datetime.now(UTC) - timedelta(days=1))
    assert client.portal
    client.portal.call(storage.classroom.begin_poll, old)  # type: ignore[attr-defined]
    assert "Begin the round" in client.get(WALL).text
    assert answered(begin(client)) == 0


def test_the_projector_says_that_only_this_machine_can_join(client: TestClient) -> None:
    html = begin(client)
    assert "Only this machine can join." in html
    assert "<dd>http://localhost:8000/room</dd>" in html


def test_the_projector_shows_the_code_and_the_network_address(ask: Ask, tmp_path: Path) -> None:
    given = {"packs": (plain.folder(tmp_path),), "class_": True, "teacher": SECRET}
    room = ask(**given, host="192.0.2.7", code="otter")
    room.post("/code", data={"code": "otter"})
    room.headers.update(TEACHER)
    html = begin(room)
    assert "<dd>http://192.0.2.7:8000/room</dd>" in html
    assert "<dd>otter</dd>" in html
    assert "Only this machine" not in html


def test_the_short_address_asks_for_the_code_first(ask: Ask, tmp_path: Path) -> None:
    given = {"packs": (plain.folder(tmp_path),), "class_": True}
    room = ask(**given, host="192.0.2.7", code="otter")
    asked = room.get("/room")
    assert asked.url.path == "/code"
    assert 'value="/room"' in asked.text


def test_a_fragment_of_the_projector_is_part_of_its_page(client: TestClient) -> None:
    whole = begin(client)
    assert client.get(WALL, headers={"HX-Request": "true"}).text.strip() in whole


def test_no_projector_page_contains_inline_script_or_style(client: TestClient) -> None:
    begin(client)
    html = client.post(f"{WALL}/show").text
    assert not re.search(r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style|js:", html)


def test_a_question_without_a_demo_offers_no_run(client: TestClient) -> None:
    assert "for all" not in begin(client)
    assert client.post(f"{WALL}/run").status_code == 404


def test_opening_the_projector_page_starts_no_round(client: TestClient) -> None:
    assert "Begin the round" in client.get(WALL, headers={"Sec-Fetch-Site": "cross-site"}).text
    assert client.get("/room").status_code == 404
    assert client.post(f"{WALL}/show").status_code == 409


ACTIONS = ("show", "round", "run", "cancel")


@pytest.mark.parametrize("secret", [None, "a guess"])
def test_a_learner_cannot_control_the_projector(client: TestClient, secret: str | None) -> None:
    begin(client)
    client.headers.pop("Authorization")
    client.get("/")
    sent = {"Authorization": f"Bearer {secret}"} if secret else {}
    for action in ACTIONS:
        assert client.post(f"{WALL}/{action}", headers=sent).status_code == 403
    assert client.get(f"{WALL}/live", headers=sent).status_code == 403
    for page in (WALL, "/class", "/class.csv"):
        answer = client.get(page, headers=sent, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/teacher?next=%2F")
    client.headers.update(TEACHER)
    assert "Show the counts" in client.get(WALL).text


def test_the_secret_makes_a_browser_the_teachers_also_with_a_code(ask: Ask, tmp_path: Path) -> None:
    given = {"packs": (plain.folder(tmp_path),), "class_": True, "teacher": SECRET}
    browser = ask(**given, code="otter")
    browser.post("/code", data={"code": "otter"})
    asked = browser.get(WALL)
    assert (asked.url.path, "The teacher's secret" in asked.text) == ("/teacher", True)
    assert browser.post("/teacher", data={"secret": "otter"}).status_code == 422
    opened = browser.post("/teacher", data={"secret": SECRET, "next": WALL})
    assert (opened.url.path, "Begin the round" in opened.text) == (WALL, True)
    assert browser.get("/class").url.path == "/class"


def test_without_a_secret_a_class_cannot_be_controlled(ask: Ask, tmp_path: Path) -> None:
    closed = ask(packs=(plain.folder(tmp_path),), class_=True)
    assert closed.post(f"{WALL}/round", headers={"Authorization": "Bearer "}).status_code == 403
    assert closed.post("/teacher", data={"secret": ""}).status_code == 422
