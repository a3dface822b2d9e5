"""The answers of a learner: listed, exported, imported and erased."""

import csv
import io
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from quiz.settings import Settings
from tests.web import plain


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


ROW = {
    "token": "t",
    "pack": "plain",
    "question": "pick",
    "kind": "choice",
    "answer": ["o1"],
    "score": 1,
    "at": "2026-01-01T00:00:00Z",
}


def bring(client: TestClient, text: str | bytes) -> str:
    return client.post("/progress/import", files={"file": ("export.json", text)}).text


def test_a_learner_without_answers_is_told_what_to_do(client: TestClient) -> None:
    html = client.get("/progress").text
    assert "Nothing answered yet." in html
    assert re.search(r'<a class="button main" href="/packs/[^"]+">Start: question 1 of \d', html)


def test_attempts_are_listed_with_score_and_time(client: TestClient) -> None:
    first = plain.answer(client, plain.WRONG)
    second = plain.answer(client, plain.RIGHT)
    html = client.get("/progress").text
    assert html.index(second) < html.index(first)
    assert "</span> wrong</span>" in html
    assert "<time datetime=" in html
    assert "practice</span>" in html


def test_a_topic_s_score_is_the_same_on_every_page(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    plain.answer(client, {"answer": "o1"}, "/packs/plain/several")
    client.post("/packs/plain/lines/reveal")
    for page in ("/packs/plain", "/topics/plain/first/done"):
        assert (
            "First try 0.5 of 3 · eventually 0.5 of 3 · strength 17 %, 2 of 3 answered, 1 shown"
            in client.get(page).text
        )
    row = "<td>0.5 of 3</td><td>0.5 of 3</td><td>17 %, 2 of 3 answered, 1 shown</td>"
    assert row in client.get("/progress").text


def test_a_topic_has_a_bar_per_score_and_a_link_per_question(
    client: TestClient,
) -> None:
    plain.answer(client, plain.RIGHT)
    html = client.get("/progress").text.partition('id="topics"')[2]
    drawing = html[html.index("<svg") : html.index("<figcaption")]
    for name in ("first", "eventual", "tried"):
        assert f'class="scores__{name}" width="33.33%"' in drawing
    assert len(re.findall('class="scores__tick"', drawing)) == 2 * 2
    assert 'role="img" aria-label="First-try and eventual score' in drawing


def test_the_history_is_drawn_too_and_practice_is_marked(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    plain.answer(client, {"answer": "o1"}, "/packs/plain/several")
    plain.answer(client, plain.RIGHT)
    columns = re.findall(
        r'data-kind="(\w+)" x="([\d.]+)%" y="[\d.]+" width="1.4%" height="([\d.]+)"',
        client.get("/progress").text,
    )
    assert columns == [
        ("counted", "0.0", "4.0"),
        ("counted", "2.0", "22.0"),
        ("practice", "4.0", "40.0"),
    ]


def test_the_next_steps_start_with_open_questions_and_name_practice(
    client: TestClient,
) -> None:
    plain.answer(client, plain.WRONG)
    html = client.get("/progress").text
    assert ">Go on: question 2 of 3</a>" in html
    assert "1 question that you missed can be retried for practice now." in html
    assert "Retry 1 question" not in html
    day = json.dumps({"attempts": [ROW | {"question": "several", "score": 0}]})
    assert ">Retry 1 question of The first topic</a>" in bring(client, day)


def test_a_learner_who_finished_everything_is_sent_to_the_interview(client: TestClient) -> None:
    asked = re.findall(r'<a class="pip" href="/packs/([^/"]+)/([^"]+)"', client.get("/").text)
    rows = [ROW | {"token": f"{p} {q}", "pack": p, "question": q} for p, q in asked]
    html = bring(client, json.dumps({"attempts": rows}))
    assert 'href="/topics/plain/interview">Say it aloud, as in an interview</a>' in html


def test_the_export_does_not_contain_the_learner(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    exported = client.get("/progress/export.json").json()
    assert exported["attempts"][0]["answer"] == ["o2"]
    assert "learner" not in exported["attempts"][0]
    assert client.cookies["learner"] not in json.dumps(exported)


def test_the_csv_export_has_one_line_per_attempt(client: TestClient) -> None:
    plain.answer(client, {"answer": "3"}, "/packs/plain/seconds")
    answer = client.get("/progress/export.csv")
    assert "attachment" in answer.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(line["question"], line["score"]) for line in lines] == [("seconds", "1.0")]


def test_an_export_is_imported_once(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    exported = client.get("/progress/export.json").text
    assert "0 answers imported, 1 known already." in bring(client, exported)
    client.cookies.clear()
    client.get("/")
    assert "1 answer imported, 0 known already." in bring(client, exported)
    assert "right on the first try" in client.get("/packs/plain").text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "This file is no export"),
        (b"\xff\xfe", "This file is no export"),
        (b"[1]", "This file is no export"),
        (b"[" * 100_000, "This file is no export"),
        (b'{"attempts": [{}]}', "Attempt 1 of the file cannot be read: token"),
    ],
)
def test_a_file_that_is_not_an_export_is_refused_with_the_reason(
    client: TestClient, text: bytes, reason: str
) -> None:
    answer = client.post("/progress/import", files={"file": ("export.json", text)})
    assert answer.status_code == 422
    assert reason in answer.text


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"attempts": [ROW | {"answer": "\ud800"}]}, "half a character"),
        ({"attempts": [ROW | {"answer": {"\ud800": 1}}]}, "half a character"),
        ({"attempts": [ROW | {"answer": math.nan}]}, "NaN is no number"),
        ({"attempts": [ROW | {"answer": [-math.inf]}]}, "-Infinity is no number"),
        ({"attempts": [ROW | {"answer": 10**400}]}, "0000… is no number"),
        ({"attempts": [], "interviews": [{"because": "\ud800"}]}, "half a character"),
        ({"attempts": [], "version": 99}, "it is of version 99"),
    ],
)
def test_values_that_cannot_be_exported_again_are_refused(
    client: TestClient, file: dict[str, Any], reason: str
) -> None:
    answer = client.post("/progress/import", files={"file": ("x", json.dumps(file))})
    assert (answer.status_code, reason in answer.text) == (422, True)
    assert client.get("/progress/export.json").json()["attempts"] == []


@pytest.mark.parametrize(
    ("encoding", "reason"), [("utf-8", "is no text in utf-8"), ("utf-16", "half a character")]
)
def test_half_a_surrogate_pair_is_refused_in_every_encoding(
    client: TestClient, encoding: str, reason: str
) -> None:
    text = json.dumps({"attempts": [ROW | {"answer": "\ud800"}]}, ensure_ascii=encoding != "utf-8")
    body = text.encode(encoding, "surrogatepass")
    answer = client.post("/progress/import", files={"file": ("x", body)})
    assert (answer.status_code, reason in answer.text) == (422, True)
    assert client.get("/progress/export.json").json()["attempts"] == []


def test_an_export_over_the_body_limit_can_be_imported(client: TestClient) -> None:
    rows = [ROW | {"token": f"t{n}", "answer": ["o1", "x" * 1000]} for n in range(1500)]
    text = json.dumps({"attempts": rows})
    assert len(text) > Settings(data=Path(), cache=Path()).body_bytes
    assert "1500 answers imported" in bring(client, text)


@pytest.mark.parametrize(
    "changed",
    [
        {"token": ""},
        {"token": "a\0b"},
        {"pack": "x" * 1000},
        {"score": 2},
        {"score": "right"},
        {"at": "yesterday"},
        {"at": "2026-01-01T00:00:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"run": ["a"]},
    ],
)
def test_an_invalid_attempt_rejects_the_whole_file(
    client: TestClient, changed: dict[str, Any]
) -> None:
    rows = [ROW, ROW | {"token": "other"} | changed]
    answer = client.post("/progress/import", files={"file": ("x", json.dumps({"attempts": rows}))})
    assert answer.status_code == 422
    assert "Attempt 2 of the file cannot be read" in answer.text
    assert "Nothing answered yet." in client.get("/progress").text


@pytest.mark.parametrize("kind", ["pick", "several", "lines", "seconds"])
@pytest.mark.parametrize(
    "given", [None, 1, "o1", [], {}, [[["a"]]], [None], {"a": []}, 10**300, True]
)
def test_an_answer_in_an_unexpected_form_is_still_shown(
    client: TestClient, kind: str, given: object
) -> None:
    row = ROW | {"question": kind, "answer": given}
    assert "1 answer imported" in bring(client, json.dumps({"attempts": [row]}))
    attempt = client.get("/progress").text.split('href="/attempts/')[1].split('"')[0]
    assert client.get(f"/attempts/{attempt}").status_code == 200


def test_an_import_without_a_file_asks_for_one(client: TestClient) -> None:
    answer = client.post("/progress/import", data={"file": ""})
    assert answer.status_code == 422
    assert "No file was chosen." in answer.text


def test_erasing_asks_for_confirmation(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    assert "Erase all your answers?" in client.get("/progress/erase").text
    assert "Erase all your answers?" in client.post("/progress/erase").text
    html = client.post("/progress/erase", data={"confirm": "yes"}).text
    assert "Your answers are erased." in html
    assert "Nothing answered yet." in html
    assert "There is nothing to erase." in client.get("/progress/erase").text


def test_a_long_history_is_split_into_pages(client: TestClient) -> None:
    rows = [ROW | {"token": f"t{n}", "at": f"2026-01-01T00:{n:02}:00Z"} for n in range(60)]
    assert "60 answers imported" in bring(client, json.dumps({"attempts": rows}))
    html = client.get("/progress").text
    assert html.count("<time") == 50
    older = html.split('href="/progress?before=')[1].split('"')[0]
    assert client.get(f"/progress?before={older}").text.count("<time") == 10


def test_every_chart_has_a_table(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT | {"confidence": "certain"})
    html = client.get("/progress").text
    for title in ("Due in the next 14 days", "How sure, how right", "Your days"):
        section = html[html.index(f">{title}</h2>") :].partition("</section>")[0]
        assert "<svg" in section
        assert "<table" in section
    assert '<th scope="row">Certain</th><td>1</td><td>100 %</td>' in html
