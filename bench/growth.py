"""The pages of a learner with a million attempts beside those of one with a thousand.

Both are learners of one server and asked in turn, so that what else the machine does touches them
alike; both have answered through the same two years, so that they have the same days to show. Their
attempts are brought in as an import brings them.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import Literal

from starlette.datastructures import FormData

from bench.figures import BenchError, Figure, percentile
from bench.pages import PACK, QUESTION
from bench.server import START_SECONDS, Address, Place, quiz
from quiz.app import DATABASE
from quiz.learning.attempt import Attempt, new_id
from quiz.packs.catalog import load
from quiz.packs.pack import Pack
from quiz.settings import Settings
from quiz.storage.storage import Storage
from quiz.web.core import learner_cookie

FEW, MANY = 1_000, 1_000_000
WARM, ROUNDS = 20, 300
GOAL = 1.3
# Not all right, so that every page has its retries to offer.
SAID: tuple[Literal["correct", "incorrect"], ...] = ("correct", "incorrect", "correct", "correct")


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner with a number of answers, and the addresses of their pages by name."""

    secret: str
    pages: Mapping[str, str]


def figures(at: Place) -> Iterator[Figure]:
    data = at.new("grown")
    few, many = asyncio.run(_studied(data))
    with quiz(at, data) as served:
        for page in few.pages:
            yield _figure(page, _asked(served.address, page, (few, many)))


def _figure(page: str, took: Sequence[Sequence[float]]) -> Figure:
    few, many = (percentile(each, 0.95) * 1000 for each in took)
    how = (
        f"{few:.2f} ms with {FEW:,} attempts, {many:.2f} ms with {MANY:,}, in turn {ROUNDS} times."
    )
    return Figure(f"A long history, {page}, p95", many / few, GOAL, "times", notes=(how,))


def _asked(address: Address, page: str, learners: Sequence[Learner]) -> list[list[float]]:
    """Seconds of each request of each learner, in turn."""
    connection = HTTPConnection(address.host, address.port, timeout=START_SECONDS)
    took: list[list[float]] = [[] for _ in learners]
    try:
        for place in range(WARM + ROUNDS):
            for learner, seconds in zip(learners, took, strict=True):
                began = time.perf_counter()
                _get(connection, learner, learner.pages[page])
                if place >= WARM:
                    seconds.append(time.perf_counter() - began)
    finally:
        connection.close()
    return took


def _get(connection: HTTPConnection, learner: Learner, path: str) -> None:
    connection.request("GET", path, headers={"Cookie": f"{learner_cookie.NAME}={learner.secret}"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise BenchError(f"{path} gave {response.status}.")


async def _studied(data: Path) -> list[Learner]:
    pack = load(Settings()).packs[PACK]
    storage = Storage(data / DATABASE)
    await storage.start()
    try:
        return [await _learner(storage, pack, count) for count in (FEW, MANY)]
    finally:
        await storage.stop()


async def _learner(storage: Storage, pack: Pack, count: int) -> Learner:
    """A learner who answered the whole pack many times: a million answers, one per minute."""
    who, now = learner_cookie.new(), datetime.now(UTC)
    asked = zip(cycle(pack.questions), cycle(SAID), strict=False)
    forms = {question.id: question.examples() for question in pack.questions}
    rows = []
    for place, (question, said) in enumerate(islice(asked, count)):
        answer = question.parse(FormData([*forms[question.id][said][0]]))
        rows.append(
            Attempt(
                id=new_id(),
                learner=who.learner,
                token=str(place),
                pack=pack.slug,
                question=question.id,
                kind=question.kind,
                answer=answer,
                score=question.grade(answer).score,
                at=now - timedelta(minutes=(count - place) * (MANY // count)),
            )
        )
    await storage.learners.bring(who.learner, rows)
    last = next(row for row in reversed(rows) if row.question == QUESTION)
    topic = next(question.topic for question in pack.questions if question.id == QUESTION)
    pages = {
        "home": "/",
        "question": f"/packs/{pack.slug}/{QUESTION}",
        "attempt": f"/attempts/{last.id}",
        "pack": f"/packs/{pack.slug}",
        "topic's end": f"/topics/{pack.slug}/{topic}/done",
        "progress": "/progress",
        "review": "/review",
    }
    return Learner(who.secret, pages)
