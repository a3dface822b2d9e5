"""Pages a second beside a bare route that returns the same bytes ready-made.

The three are pressed in turn, so that what else the machine does touches them alike.
"""

import secrets
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from bench.figures import BenchError, Figure, spread
from bench.load import Load, Requests, press
from bench.runs import PATH, warm
from bench.server import Address, Place, Served, bare, quiz
from quiz.app import DATABASE
from quiz.packs.catalog import load
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.settings import Settings

PACK, QUESTION = "background-tasks", "two-tasks-total"
CONNECTIONS = 64
ROUNDS, SECONDS = 5, 2.0
# Longer than a round: with a memory of 1 MB at once, the answers' own runs would have to wait for
# this one, so that none of them starts by itself.
HOLDER = {"task_a_seconds": 5, "task_b_seconds": 5}


@dataclass(frozen=True, slots=True)
class Rate:
    load: Load
    cpu_seconds: float  # of the server's process

    @property
    def per_cpu_second(self) -> float:
        return self.load.answers / self.cpu_seconds


@dataclass(frozen=True, slots=True)
class Class:
    """Learners with attempts at the question, one learner per connection."""

    pack: Pack
    question: Question
    cookies: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/packs/{self.pack.slug}/{self.question.id}"

    @property
    def looks(self) -> list[Requests]:
        return [cycle([_get(self.path, cookie)]) for cookie in self.cookies]

    @property
    def answers(self) -> list[Requests]:
        fields = self.question.examples()["correct"][0]
        return [_answers(f"{self.path}/attempts", cookie, fields) for cookie in self.cookies]


def figures(at: Place) -> Iterator[Figure]:
    data = at.new("data")
    with quiz(at, data, QUIZ_MEMORY_MB="1") as served:
        warm(served)
        learners = _class(served.address)
        with _held(served.address):
            _study(served.address, learners)
        status, body = served.address.ask("GET", learners.path, "", _cookie(learners.cookies[0]))
        assert status == 200, status
        with bare(at, body) as measure:
            yield from _compare(served, measure, learners, data)


def _compare(served: Served, measure: Served, learners: Class, data: Path) -> Iterator[Figure]:
    # The first one only warms all three.
    _, *rounds = [_round(served, measure, learners, data) for _ in range(ROUNDS + 1)]
    bares, looks, answers = zip(*rounds, strict=True)
    kept = sum(rate.load.answers for rate in answers)
    attempts = len(learners.pack.questions) - 1
    yield _ratio(
        "Question page, over a bare route",
        (bares, looks),
        0.25,
        f"{CONNECTIONS} learners with {attempts} attempts each, read from the database each time.",
    )
    yield _ratio(
        "Durable answers, over the same bare route",
        (bares, answers),
        0.20,
        f"{kept} forms, each with its own token, in one or several commits; each was then found in"
        " the database. A long run held the only place meanwhile, so that no answer started one.",
    )


def _ratio(
    what: str, rates: tuple[tuple[Rate, ...], tuple[Rate, ...]], goal: float, note: str
) -> Figure:
    pairs = list(zip(*rates, strict=True))
    ratios = [ours.load.per_second / bare.load.per_second for bare, ours in pairs]
    by_cpu = statistics.median(ours.per_cpu_second / bare.per_cpu_second for bare, ours in pairs)
    bare_rate, our_rate = (
        statistics.median(rate.load.per_second for rate in side) for side in rates
    )
    how = (
        f"{our_rate:.0f} against {bare_rate:.0f} per second; each round: {spread(ratios)};"
        f" by the servers' CPU time {by_cpu:.2f}."
    )
    return Figure(what, statistics.median(ratios), goal, "", at_least=True, notes=(note, how))


def _round(served: Served, measure: Served, learners: Class, data: Path) -> tuple[Rate, Rate, Rate]:
    ready = [cycle([_get("/page", cookie)]) for cookie in learners.cookies]
    ready_made = _pressed(measure, ready, 200)
    looks = _pressed(served, learners.looks, 200)
    with _held(served.address):
        before = _stored(data)
        answers = _pressed(served, learners.answers, 303)
        found = _stored(data) - before
    # Those of the warm-up are stored too; an answer that was taken and is not would be the fault.
    if found < answers.load.answers:
        raise BenchError(f"{answers.load.answers} answers were taken, {found} are stored.")
    return ready_made, looks, answers


def _pressed(served: Served, each: Sequence[Requests], status: int) -> Rate:
    before = served.process.cpu_times()
    load = press(served.address, each, SECONDS, status)
    after = served.process.cpu_times()
    return Rate(load, after.user - before.user + after.system - before.system)


@contextmanager
def _held(address: Address) -> Iterator[None]:
    """Holds the only place for a run during the measurement."""
    run = address.json("POST", PATH, {"parameters": HOLDER})
    try:
        yield
        status = address.json("GET", f"/sandbox/runs/{run['id']}")["status"]
        if status != "running":
            raise BenchError(f"The run that was to last is {status}.")
    finally:
        address.json("DELETE", f"/sandbox/runs/{run['id']}")


def _class(address: Address) -> Class:
    pack = load(Settings()).packs[PACK]
    question = pack.question(QUESTION)
    assert question is not None
    return Class(pack, question, tuple(secrets.token_urlsafe(32) for _ in range(CONNECTIONS)))


def _study(address: Address, learners: Class) -> None:
    """Each learner answers every question except the last."""
    for question in learners.pack.questions[:-1]:
        fields = question.examples()["correct"][0]
        path = f"/packs/{learners.pack.slug}/{question.id}/attempts"
        each = [_answers(path, cookie, fields) for cookie in learners.cookies]
        press(address, each, 0.0, 303)


def _stored(data: Path) -> int:
    with closing(sqlite3.connect(data / DATABASE)) as connection:
        return int(connection.execute("SELECT count(*) FROM attempt").fetchone()[0])


def _cookie(secret: str) -> dict[str, str]:
    return {"Cookie": f"learner={secret}"}


def _get(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: learner={cookie}\r\n\r\n".encode()


def _answers(path: str, cookie: str, fields: list[tuple[str, str]]) -> Iterator[bytes]:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: learner={cookie}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    while True:
        body = urlencode([*fields, ("token", secrets.token_urlsafe(12))])
        yield f"{head}{len(body)}\r\n\r\n{body}".encode()
