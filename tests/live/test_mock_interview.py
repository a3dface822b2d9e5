"""A mock interview on a server that is killed, and the runs of the missed questions."""

import json
import re
import signal
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.settings import Settings
from tests import packs
from tests.live.test_serve import Served, served
from tests.web import plain

CHOICE = {"topic": ["plain/first", "plain/second"], "length": "5", "clock": "120"}
ANSWERS = {
    "these": {"answer": "o1"},
    "Which of them": {"answer": "o1"},
    "In which order": {"position-a": "1", "position-b": "2"},
    "How many": {"answer": "4"},
}


class Visitor:
    """A visitor who keeps the cookie from one server to the next."""

    def __init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self.server: Served

    def ask(self, path: str, **form: object) -> tuple[str, str]:
        """The page after redirects, and its address."""
        body = urlencode(form, doseq=True).encode() if form else None
        url = f"http://localhost:{self.server.port}{path}"
        with self._opener.open(url, body, timeout=30) as reply:
            return reply.read().decode(), reply.url.partition(str(self.server.port))[2]

    def answer(self, page: str, path: str) -> tuple[str, str]:
        heading = re.search(r"<h1>(.*?)</h1>", page, re.S)
        assert heading
        form = next(form for stem, form in ANSWERS.items() if stem in heading[1])
        return self.ask(path, because=f"for {path}", confidence="certain", **form)


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    packs.write(tmp_path / "packs", packs.SOUND)
    places = replace(settings, packs=(tmp_path / "packs",))
    with TestClient(create_app(places), base_url="http://localhost:8000") as client:
        yield client


def test_one_press_runs_all_missed_questions_for_their_attempts(client: TestClient) -> None:
    client.get("/interview")
    page = client.post("/interview", data={"topic": "small/order", "length": "5"})
    address = page.url.path.rpartition("/")[0]
    for _ in range(3):
        wrong = {"answer": "o1"} if "Choose one" in page.text else {"answer": "9"}
        order = {f"position-{item}": place for place, item in enumerate("abc", 1)}
        page = client.post(page.url.path, data=order if "in the order" in page.text else wrong)
    report = client.post(f"{address}/finish").text
    missed = report.count(">Run it<")
    assert missed >= 2
    report = client.post(f"{address}/runs").text
    assert "data-run" not in report
    runs = re.findall(r'href="(/attempts/[^"]+)">See its run', report)
    assert len(runs) == missed
    for href in runs:
        assert "Link to this run" in client.get(f"{href}?look=1").text


def test_a_kill_during_or_at_the_end_of_an_interview_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIZ_PACKS", str(plain.folder(tmp_path)))
    visitor = Visitor()
    with served(tmp_path / "data") as visitor.server:
        visitor.ask("/interview")
        page, path = visitor.ask("/interview", **CHOICE)
        first = path
        for _ in range(2):
            page, path = visitor.answer(page, path)
        visitor.server.end(signal.SIGKILL)
    with served(tmp_path / "data") as visitor.server:
        page, path = visitor.ask(first.rpartition("/")[0])
        assert path.endswith("/3")
        assert "8 minutes left" in page
        assert f"for {first}</textarea>" in visitor.ask(first)[0]
        page, path = visitor.answer(page, path)
        report, address = visitor.ask(f"{first.rpartition('/')[0]}/finish", sent="yes")
        visitor.server.end(signal.SIGKILL)
    with served(tmp_path / "data") as visitor.server:
        assert visitor.ask(address)[0] == report
        assert visitor.ask(f"{address}/finish", sent="yes")[0] == report
        kept = json.loads(visitor.ask("/progress/export.json")[0])
    assert len(kept["attempts"]) == 3
    assert [one["because"] for one in kept["interviews"][0]["answers"]] == [
        f"for {address}/{place}" for place in (1, 2, 3)
    ]
