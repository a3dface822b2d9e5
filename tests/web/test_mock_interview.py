"""Mock interviews: chosen, answered without feedback, ended, reported, and private."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.web import plain

Fields = dict[str, dict[str, Any]]
ALL = {"length": "5", "aloud": "yes"}
RIGHT: Fields = {
    "pick": {"answer": "o1"},
    "several": {"answer": ["o1", "o2"]},
    "lines": {"position-a": "1", "position-b": "2"},
    "seconds": {"answer": "3"},
}
WRONG: Fields = {
    "pick": {"answer": "o2"},
    "several": {"answer": ["o3"]},
    "lines": {"position-a": "2", "position-b": "1"},
    "seconds": {"answer": "4"},
}
STEMS = {
    "pick": "these",
    "several": "Which of them?",
    "lines": "In which order?",
    "seconds": "How many?",
    "aloud": "What is it?",
}
# What only the answer may tell.
TELLING = ("It is not.", "Because &lt;b&gt;", "Two of three.", "Just show me", "Right.", "data-run")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def app_client(folder: Path) -> Iterator[TestClient]:
    with plain.served(folder) as client:
        yield client


def begin(client: TestClient, **chosen: Any) -> str:
    """Starts an interview and returns its address. The questions of the plain pack need no run."""
    client.get("/interview")
    topics = {"topic": ["plain/first", "plain/second"]}
    reply = client.post("/interview", data=ALL | topics | chosen, follow_redirects=False)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])


def items(client: TestClient, address: str) -> dict[str, int]:
    """The place of each question in the interview."""
    found: dict[str, int] = {}
    place = 1
    while (reply := client.get(f"{address}/{place}")).status_code == 200:
        heading = re.search(r"<h1.*?</h1>", reply.text, re.S)
        assert heading
        found |= {name: place for name, stem in STEMS.items() if stem in heading[0]}
        place += 1
    return found


def send(client: TestClient, address: str, place: int, **fields: Any) -> str:
    reply = client.post(f"{address}/{place}", data=fields, follow_redirects=False)
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])


def finish(client: TestClient, address: str) -> str:
    reply = client.post(f"{address}/finish")
    assert reply.status_code == 200
    return reply.text


def attempts(client: TestClient) -> dict[str, dict[str, object]]:
    rows = client.get("/progress/export.json").json()["attempts"]
    return {row["question"]: row for row in rows}


def test_one_press_starts_an_interview_with_mixed_questions_and_a_card(client: TestClient) -> None:
    found = items(client, begin(client))
    assert sorted(found.values()) == [1, 2, 3, 4, 5]
    assert set(found) == set(STEMS)
    assert found["aloud"] != 1


def test_the_chosen_topic_and_levels_decide_the_questions(client: TestClient) -> None:
    address = begin(client, topic="plain/first", level=["1", "3"], aloud="")
    assert set(items(client, address)) == {"pick"}


def test_no_page_shows_an_answer_before_the_end(client: TestClient) -> None:
    address = begin(client)
    for name, place in items(client, address).items():
        fields: dict[str, Any] = {"because": "so"} if name == "aloud" else WRONG[name]
        send(client, address, place, confidence="certain", **fields)
    pages = [client.get(f"{address}/{part}").text for part in (1, 2, 3, 4, 5, "finish")]
    assert [told for page in pages for told in TELLING if told in page] == []
    assert attempts(client) == {}
    assert "Nothing answered yet." in client.get("/progress").text


def test_an_answer_leads_to_the_next_question_and_stays_in_its_form(client: TestClient) -> None:
    address = begin(client)
    place = items(client, address)["several"]
    sent: dict[str, Any] = {"answer": ["o1", "o3"], "because": "A <b>\nB", "confidence": "guess"}
    onward = send(client, address, place, **sent)
    assert onward == (f"{address}/{place + 1}" if place < 5 else f"{address}/finish")
    page = client.get(f"{address}/{place}").text
    assert re.findall(r'value="(o\d)" checked', page) == ["o1", "o3"]
    assert "A &lt;b&gt;\nB</textarea>" in page
    assert "“Guess”" in page
    send(client, address, place, answer="o2")
    page = client.get(f"{address}/{place}").text
    assert re.findall(r'value="(o\d)" checked', page) == ["o2"]
    assert "</textarea>" in page
    assert "“Guess”" not in page


def test_an_invalid_answer_is_refused_and_stays_in_the_form(client: TestClient) -> None:
    address = begin(client)
    place = items(client, address)["lines"]
    sent = {"position-a": "1", "position-b": "7", "because": "my reasons"}
    reply = client.post(f"{address}/{place}", data=sent)
    assert reply.status_code == 422
    assert 'id="answer-error"' in reply.text
    assert 'value="7"' in reply.text
    assert "my reasons</textarea>" in reply.text
    assert f"Question {place}: open" in reply.text


def test_leaving_a_question_keeps_the_draft_in_its_form(client: TestClient) -> None:
    address = begin(client)
    found = items(client, address)
    there = found["seconds"]
    sent = {"position-a": "1", "position-b": "", "because": "later", "go": str(there)}
    assert send(client, address, found["lines"], **sent) == f"{address}/{there}"
    page = client.get(f"{address}/{found['lines']}").text
    assert 'value="1"' in page
    assert "later</textarea>" in page
    assert f"Question {found['lines']}: open" in page
    assert send(client, address, there, answer="3", go="finish") == f"{address}/finish"
    assert f"Question {there}: answered" in client.get(f"{address}/1").text


@pytest.mark.parametrize("go", ["0", "6", "-1", "", "one", "9" * 5000])
def test_an_invalid_target_leads_to_the_end(client: TestClient, go: str) -> None:
    address = begin(client)
    assert send(client, address, 1, go=go) == f"{address}/finish"


def test_the_end_asks_for_confirmation_and_names_the_open_questions(client: TestClient) -> None:
    address = begin(client)
    found = items(client, address)
    send(client, address, found["aloud"])
    send(client, address, found["pick"], answer="o1")
    page = client.get(f"{address}/finish").text
    assert "Finish with 3 of 5 open?" in page
    assert re.findall(r'<span class="note">(\w+)</span></a>', page).count("open") == 3
    first = min(set(found.values()) - {found["aloud"], found["pick"]})
    assert f'href="{address}/{first}">Go on: question {first}' in page


def test_at_the_end_each_answer_becomes_one_attempt_with_its_time(
    client: TestClient,
) -> None:
    address = begin(client)
    found = items(client, address)
    send(client, address, found["pick"], answer="o1")
    send(client, address, found["seconds"], answer="4")
    assert finish(client, address) == finish(client, address)
    kept = attempts(client)
    assert {name: row["score"] for name, row in kept.items()} == {"pick": 1.0, "seconds": 0.0}
    assert str(kept["pick"]["at"]) < str(kept["seconds"]["at"])
    assert "First try 1 of 2" in client.get("/packs/plain").text


def test_an_attempt_made_during_the_interview_keeps_its_time(client: TestClient) -> None:
    address = begin(client)
    send(client, address, items(client, address)["pick"], answer="o2")
    plain.answer(client, plain.RIGHT)
    finish(client, address)
    page = client.get("/packs/plain").text
    assert "wrong on the first try, right later" in page


def test_the_report_has_topics_confidence_and_questions_to_revise(client: TestClient) -> None:
    address = begin(client)
    found = items(client, address)
    send(client, address, found["pick"], confidence="think", **WRONG["pick"])
    send(client, address, found["several"], confidence="guess", **RIGHT["several"])
    send(client, address, found["seconds"], confidence="certain", because="I count", answer="4")
    page = finish(client, address)
    assert "<h1>1 of 3 right</h1>" in page
    assert "1 question left open." in page
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', page)
    assert dict(rows) == {
        "The first topic": "1 of 2",
        "The second topic": "0 of 1",
        "Certain": "0 of 1",
        "Think so": "0 of 1",
        "Guess": "1 of 1",
    }
    order = [page.index(STEMS[name]) for name in ("seconds", "pick", "lines", "several")]
    assert order == sorted(order)
    assert "I count" in page
    assert page.index("I count") < page.index("<p>Three.</p>")


def test_an_open_question_is_linked_but_not_explained(client: TestClient) -> None:
    page = finish(client, begin(client))
    assert "<h1>– right</h1>" not in page
    assert "<p>Three.</p>" not in page
    assert 'href="/packs/plain/seconds"' in page


def test_each_row_links_its_attempt(client: TestClient) -> None:
    address = begin(client)
    send(client, address, items(client, address)["pick"], **WRONG["pick"])
    found = re.search(r'href="(/attempts/[^"]+)"', finish(client, address))
    assert found
    assert "Not yet." in client.get(found[1]).text


def test_a_card_is_compared_and_self_assessed_at_the_end(client: TestClient) -> None:
    address = begin(client)
    place = items(client, address)["aloud"]
    assert client.post(f"{address}/{place}/mark", data={"mark": "said"}).status_code == 404
    send(client, address, place, because="My notes")
    page = finish(client, address)
    assert "<strong>that</strong>" in page
    assert "My notes" in page
    assert 'aria-pressed="true"' not in page
    page = client.post(f"{address}/{place}/mark", data={"mark": "partly"}).text
    assert re.findall(r'value="(\w+)" aria-pressed="true"', page) == ["partly"]
    assert client.post(f"{address}/{place}/mark", data={"mark": "yes"}).status_code == 422


def test_after_the_end_nothing_can_be_changed(client: TestClient) -> None:
    address = begin(client)
    finish(client, address)
    reply = client.post(f"{address}/1", data={"answer": "o1"})
    assert reply.status_code == 409
    assert f'href="{address}"' in reply.text
    assert client.post(f"{address}/give-up").status_code == 409
    assert client.get(f"{address}/1").url.path == address
    assert attempts(client) == {}


def test_an_open_interview_continues_where_it_was_left(client: TestClient) -> None:
    address = begin(client)
    send(client, address, 1, because="a draft", go="3")
    assert client.get(address).url.path == f"{address}/1"
    assert "Go on: question 1 of 5" in client.get("/interview").text
    assert begin(client, length="20") == address
    assert client.get("/interview").text.count("<form") == 2


def test_a_form_sent_twice_starts_one_interview(client: TestClient) -> None:
    form = ALL | {"token": plain.token(client.get("/interview").text)}
    first, again = (client.post("/interview", data=form).url.path for _ in range(2))
    assert first == again
    address = first.rpartition("/")[0]
    finish(client, address)
    assert client.post("/interview", data=form).url.path == address


def test_giving_up_deletes_the_interview(client: TestClient) -> None:
    address = begin(client)
    send(client, address, 1, because="x", go="2")
    client.post(f"{address}/give-up")
    assert client.get(address).status_code == 404
    assert "Begin" in client.get("/interview").text
    assert attempts(client) == {}


@pytest.mark.parametrize(
    "chosen",
    [{"topic": "plain/third"}, {"level": "4"}, {"length": "7"}, {"clock": "1"}, {"level": "3"}],
)
def test_a_choice_without_questions_is_refused_with_the_form(
    client: TestClient, chosen: dict[str, str]
) -> None:
    client.get("/interview")
    reply = client.post("/interview", data={"topic": "plain/second"} | chosen)
    assert reply.status_code == 422
    assert 'id="choice-error"' in reply.text
    assert "Begin" in reply.text


def test_another_learner_cannot_open_the_interview(client: TestClient) -> None:
    address = begin(client)
    client.cookies.clear()
    client.get("/")
    for path in (address, f"{address}/1", f"{address}/finish"):
        assert client.get(path).status_code == 404
    for part in ("1", "finish", "give-up", "runs", "1/mark"):
        assert client.post(f"{address}/{part}", data={"mark": "said"}).status_code == 404
    assert "Go on" not in client.get("/interview").text


@pytest.mark.parametrize("path", ["/interview/none", "/interview/none/1", "/interview/none/x"])
def test_an_unknown_interview_returns_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_place_returns_404_with_a_link_back(client: TestClient) -> None:
    address = begin(client)
    for place in (0, 6, 10**30):
        reply = client.get(f"{address}/{place}")
        assert reply.status_code == 404
        assert f'href="{address}"' in reply.text


def put_back(folder: Path, address: str, minutes: int) -> None:
    """Moves the start of the interview back in time."""
    with closing(sqlite3.connect(folder / "data" / "quiz.sqlite3")) as file, file:
        file.execute(
            "UPDATE mock_interview SET begun = datetime(begun, ?) || '.000000' WHERE id = ?",
            (f"-{minutes} minutes", address.rpartition("/")[2]),
        )


def test_the_server_keeps_the_clock_and_more_time_keeps_the_form(
    client: TestClient, folder: Path
) -> None:
    address = begin(client, clock="60")
    assert "5 minutes left" in client.get(f"{address}/1").text
    put_back(folder, address, 3)
    page = client.get(f"{address}/1").text
    assert "2 minutes left" in page
    press = re.search(r'name="extend" value="(\d+)"', page)
    assert press
    for _ in range(2):
        form = {"extend": press[1], "because": "half a thought"}
        page = client.post(f"{address}/1", data=form).text
        assert "7 minutes left" in page
        assert "half a thought</textarea>" in page


def test_an_answer_after_the_deadline_is_stored_and_reported_as_late(
    client: TestClient, folder: Path
) -> None:
    address = begin(client, clock="120")
    place = items(client, address)["pick"]
    put_back(folder, address, 11)
    assert "The time has run out." in client.get(f"{address}/{place}").text
    send(client, address, place, **RIGHT["pick"])
    page = finish(client, address)
    assert "1 answer came after the time." in page
    assert "<h1>1 of 1 right</h1>" in page


def test_five_more_minutes_count_from_now_after_the_deadline(
    client: TestClient, folder: Path
) -> None:
    address = begin(client, clock="60")
    put_back(folder, address, 60)
    assert "5 minutes left" in client.post(f"{address}/1", data={"extend": "0"}).text


def exported(client: TestClient) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = client.get("/progress/export.json").json()
    return found


def brought(client: TestClient, file: object) -> int:
    files = {"file": ("export.json", json.dumps(file))}
    return client.post("/progress/import", files=files).status_code


def test_an_ended_interview_is_exported_and_imported_once(client: TestClient) -> None:
    address = begin(client)
    send(client, address, items(client, address)["pick"], because="my word", **WRONG["pick"])
    assert exported(client)["interviews"] == []
    report = finish(client, address)
    file = exported(client)
    assert brought(client, file) == 200
    client.cookies.clear()
    client.get("/")
    for _ in range(2):
        assert brought(client, file) == 200
    links = re.findall(r'href="(/interview/[^"]+)"', client.get("/interview").text)
    assert len(links) == 1
    page = client.get(links[0]).text
    assert "my word" in page
    assert "<h1>0 of 1 right</h1>" in page
    assert "<h1>0 of 1 right</h1>" in report


@pytest.mark.parametrize(
    "changed",
    [
        {"items": [["plain", "riddle", "pick"]]},
        {"ended": None},
        {"token": ""},
        {"seconds": -1},
        {"answers": [{"place": 0, "form": [], "at": "2026-01-01T00:00:00Z"}]},
        {"answers": [{"place": 1, "form": [], "at": "2026-01-01T00:00:00Z"}] * 2},
    ],
)
def test_a_file_with_an_invalid_interview_is_refused(
    client: TestClient, changed: dict[str, object]
) -> None:
    client.get("/")
    row = {"token": "t", "items": [["plain", "question", "pick"]], "answers": []}
    times = {"begun": "2026-01-01T00:00:00Z", "ended": "2026-01-01T00:09:00Z"}
    assert brought(client, {"attempts": [], "interviews": [row | times | changed]}) == 422
    assert brought(client, {"attempts": [], "interviews": [row | times]}) == 200


def test_an_import_reports_attempts_and_interviews_separately(client: TestClient) -> None:
    address = begin(client)
    send(client, address, items(client, address)["pick"], **WRONG["pick"])
    finish(client, address)
    files = {"file": ("export.json", json.dumps(exported(client)))}
    client.cookies.clear()
    client.get("/")
    page = client.post("/progress/import", files=files).text
    assert "1 answer and 1 interview imported, 0 known already." in page
    assert (
        "0 answers imported, 2 known already." in client.post("/progress/import", files=files).text
    )


def test_erasing_deletes_all_interviews(client: TestClient, folder: Path) -> None:
    ended = begin(client)
    send(client, ended, 1, because="secret", go="2")
    finish(client, ended)
    address = begin(client)
    assert "Erase all your answers?" in client.get("/progress/erase").text
    client.post("/progress/erase", data={"confirm": "yes"})
    for path in (ended, address):
        assert client.get(path).status_code == 404


def test_the_first_page_links_the_interview_and_continues_an_open_one(client: TestClient) -> None:
    assert 'href="/interview"' in client.get("/").text
    address = begin(client)
    assert f'href="{address}">Go on with your interview' in client.get("/").text


def test_an_oversized_draft_is_refused_and_not_stored(client: TestClient, folder: Path) -> None:
    address = begin(client)
    place = items(client, address)["pick"]
    for form in ({"answer": "x" * 900_000}, {f"answer-{n}": "x" * 100 for n in range(900)}):
        answer = client.post(f"{address}/{place}", data=form | {"go": str(place)})
        assert (answer.status_code, "8000 characters" in answer.text) == (422, True)
    with closing(sqlite3.connect(folder / "data" / "quiz.sqlite3")) as file:
        (longest,) = file.execute("SELECT max(length(form)) FROM mock_answer").fetchone()
    assert (longest or 0) < 10_000
