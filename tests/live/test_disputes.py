"""A run that contradicts a key: repeated by itself, and when both do, the run wins."""

import html as markup
import re
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from starlette.testclient import TestClient

from quiz.app import create_app
from quiz.settings import Settings
from tests import packs
from tests.live.players import write_demo
from tests.web import plain

WRONG = """\
pack: wrong
title: A pack with a wrong key
topics: {only: {title: The only topic}}
questions:
  - id: often
    kind: choice
    topic: only
    difficulty: 1
    demo: {name: sample, parameters: {seconds: 0.05}}
    stem: How often does it run?
    options:
      - {text: Once, holds: count.work == 1, why: It is said to run twice.}
      - {text: Twice, key: true, holds: count.work == 2, why: It is said to run twice.}
    explanation: It is said to run twice.
"""
OFTEN = "/packs/wrong/often"
# With its own number the key is right.
DRAWN = """\
  - id: drawn
    kind: choice
    topic: only
    difficulty: 1
    demo: {name: sample, parameters: {seconds: 0.05}}
    vary: [{seconds: 0.1}]
    stem: It takes {seconds} s. How often does it run?
    options:
      - {text: Once, key: parameters.seconds < 0.08, holds: count.work == 1, why: So it is.}
      - {text: Twice, key: parameters.seconds > 0.08, holds: count.work == 2, why: It is not so.}
    explanation: It runs once, however long it takes.
"""


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "packs"
    packs.write(folder, WRONG + DRAWN, "wrong.yaml")
    (folder / "demos").mkdir()
    write_demo(folder / "demos")
    here = Settings(data=settings.data, cache=settings.cache, packs=(folder,))
    with TestClient(create_app(here), base_url="http://localhost:8000") as client:
        yield client


def look_until(client: TestClient, attempt: str, said: str) -> str:
    end = monotonic() + 50
    while said not in (html := client.get(f"{attempt}?look=again").text):
        assert monotonic() < end, f"It never says: {said}"
    return html


def test_an_answer_confirmed_by_two_runs_does_not_count_as_wrong(client: TestClient) -> None:
    attempt = plain.answer(client, {"answer": "o1"}, OFTEN)
    html = look_until(client, attempt, "two runs contradict the right answer")
    assert "The run wins" in html
    assert "Practice:" not in html
    (line,) = client.get("/progress/export.json").json()["attempts"]
    assert line["score"] == 0.0
    assert "Answered before" not in client.get(OFTEN).text


def test_a_dispute_keeps_both_runs_and_offers_a_report(client: TestClient) -> None:
    attempt = plain.answer(client, {"answer": "o1"}, OFTEN)
    html = look_until(client, attempt, "A report to send")
    runs = re.findall(r'href="(/runs/\w+)">(?:This run|its repetition)', html)
    assert len(set(runs)) == 2
    assert all(client.get(run).status_code == 200 for run in runs)
    report = markup.unescape(html.partition('class="report"')[2].partition("</pre>")[0])
    for said in ("often in wrong", "fastapi 0.", "o2 must hold and did not hold"):
        assert said in report
    assert report.count("count.work = 1") == 2


def test_a_right_answer_that_runs_contradict_stays_right(client: TestClient) -> None:
    attempt = plain.answer(client, {"answer": "o2"}, OFTEN)
    html = look_until(client, attempt, "A report to send")
    assert "Right." in html
    assert "Not counted" not in html


def test_an_answer_to_other_numbers_is_compared_with_their_key(client: TestClient) -> None:
    drawn = OFTEN.replace("often", "drawn")
    look_until(client, plain.answer(client, {"answer": "o1"}, drawn), "This run: held")
    attempt = plain.answer(client, {"answer": "o1", "draw": "1"}, drawn)
    html = look_until(client, attempt, "two runs contradict the right answer")
    assert "o2 must hold and did not hold" in markup.unescape(html)
