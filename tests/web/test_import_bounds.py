"""An import of answers is limited, and other learners are answered while it is stored."""

import asyncio
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from quiz.settings import Settings
from quiz.storage import attempts
from quiz.storage.storage import Storage
from quiz.web.features.progress.history_import import MOST_ATTEMPTS, MOST_UNKNOWN_QUESTIONS
from tests.attempts import ANNA, NOON, attempt, opened
from tests.serving import served
from tests.web import plain

ROW = {"pack": "plain", "question": "pick", "kind": "choice", "answer": ["o1"], "score": 1}


@pytest.fixture
def client(tmp_path: Path) -> Any:
    with plain.served(tmp_path) as client:
        yield client


def export(count: int, **changed: Any) -> str:
    rows = (
        ROW | {"token": str(n), "at": f"2026-{n % 9 + 1:02}-01T00:{n % 60:02}:00Z"} | changed
        for n in range(count)
    )
    return json.dumps({"attempts": list(rows)})


def refusal(client: TestClient, text: str) -> str:
    answer = client.post("/progress/import", files={"file": ("export.json", text)})
    assert answer.status_code == 422
    assert client.get("/progress/export.json").json()["attempts"] == []
    found = re.search(r'class="error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found, answer.text
    return found[1]


def test_answers_to_unknown_packs_are_refused_by_name(client: TestClient) -> None:
    said = refusal(client, export(3, pack="nowhere"))
    assert "packs that this server does not have: nowhere" in said
    assert "QUIZ_PACKS" in said


def test_more_answers_than_can_be_imported_at_once_are_refused(client: TestClient) -> None:
    assert "30,000 can be imported at once" in refusal(client, export(MOST_ATTEMPTS + 1))


def test_many_questions_that_their_pack_does_not_have_are_refused(client: TestClient) -> None:
    rows = json.loads(export(MOST_UNKNOWN_QUESTIONS + 1))["attempts"]
    text = json.dumps({"attempts": [row | {"question": row["token"]} for row in rows]})
    assert "501 questions that its packs do not have" in refusal(client, text)


def test_an_answer_of_a_megabyte_is_refused(client: TestClient) -> None:
    assert "10000 characters" in refusal(client, export(1, answer="x" * 1_000_000))


def test_millions_of_empty_lists_are_refused_before_they_take_memory(client: TestClient) -> None:
    text = '{"attempts": [' + "[]," * 5_000_000 + "[]]}"
    began = time.monotonic()
    assert "1,000,000 values" in refusal(client, text)
    assert time.monotonic() - began < 3


def test_others_answer_while_a_learner_imports_as_much_as_is_allowed(tmp_path: Path) -> None:
    folder = plain.folder(tmp_path)
    settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache", packs=(folder,))
    files = {"file": ("export.json", export(MOST_ATTEMPTS))}
    with served(settings) as (host, port), ThreadPoolExecutor(1) as pool:
        base = f"http://{host}:{port}"
        first = time.monotonic()
        sent = pool.submit(httpx2.post, f"{base}/progress/import", files=files, timeout=120)
        waits = []
        while not sent.done():
            began = time.monotonic()
            said = httpx2.post(f"{base}{plain.PICK}/attempts", data=plain.RIGHT, timeout=60)
            assert said.status_code == 303
            waits.append(time.monotonic() - began)
        assert sent.result().status_code == 303
        # In seconds it would say how busy this machine is.
        assert max(waits) < (time.monotonic() - first) / 4


async def test_an_import_that_broke_off_is_completed_by_the_same_file(tmp_path: Path) -> None:
    rows = [attempt(str(n), question=f"q{n % 3}") for n in range(1200)]
    async with opened(tmp_path / "broken.sqlite3") as storage:
        await storage.attempts.add(attempt("before", at=NOON))
        await storage.database.write(attempts.insert_new, ANNA, rows[:500])
        done = await storage.learners.bring(ANNA, rows)
        assert (done.answers, done.known) == (700, 500)
        assert await sums(storage) == {"q": 1, "q0": 400, "q1": 400, "q2": 400}


async def test_attempts_erased_during_an_import_stay_erased(tmp_path: Path) -> None:
    rows = [attempt(str(n)) for n in range(5000)]
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        brought = asyncio.create_task(storage.learners.bring(ANNA, rows))
        async with asyncio.timeout(10):
            while not await storage.attempts.count(ANNA):
                await asyncio.sleep(0)
        await storage.learners.erase(ANNA)
        assert (await brought).answers < len(rows)
        assert (await storage.attempts.count(ANNA), await storage.standings.all(ANNA)) == (0, [])


async def sums(storage: Storage) -> dict[str, int]:
    return {one.question: one.n for one in await storage.standings.all(ANNA)}


async def test_an_answer_given_during_an_import_counts(tmp_path: Path) -> None:
    rows = [attempt(str(n)) for n in range(3000)]
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        answers = (storage.attempts.add(attempt(f"own{n}")) for n in range(50))
        await asyncio.gather(storage.learners.bring(ANNA, rows), *answers)
        assert await sums(storage) == {"q": 3050}
        assert await storage.attempts.count(ANNA) == 3050
