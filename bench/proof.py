"""A question proven from its page, beside one run of each kind that its proof needs.

The proof makes three runs of each kind. If it takes no longer than the longest run, the learner
waits only for the demo.
"""

import http.client
import time
from collections.abc import Iterator

from bench.figures import Figure, percentile
from bench.runs import warm
from bench.server import Address, Place, quiz
from quiz.packs.catalog import load
from quiz.proofs.judge import RequiredRun, required_runs
from quiz.questions.base import Question
from quiz.settings import Settings

PACK = "background-tasks"
EVERY = 5  # of the pack's questions, so that all its topics are among them
GOAL = 1.0
GOING = b'id="going"'
LOOK_SECONDS = 0.02


def figures(at: Place) -> Iterator[Figure]:
    pack = load(Settings()).packs[PACK]
    chosen = [question for question in pack.questions if required_runs(question)][::EVERY]
    with quiz(at, at.new("data")) as served:
        warm(served)
        beyond = [_beyond(served.address, question) for question in chosen]
    worst, slow = max(zip(beyond, (question.id for question in chosen), strict=True))
    middle = percentile(beyond, 0.5)
    yield Figure(
        "Proving a question from its page, beyond its demo's own time, p95",
        percentile(beyond, 0.95),
        GOAL,
        "s",
        notes=(f"{len(beyond)} questions; median {middle:.2f} s, {slow} {worst:.2f} s.",),
    )


def _beyond(address: Address, question: Question) -> float:
    """Seconds that the proof took longer than the longest of its runs, alone on the machine."""
    own = max(_run(address, need) for need in dict.fromkeys(required_runs(question)))
    path = f"/packs/{PACK}/{question.id}/proof"
    began = time.perf_counter()
    address.ask("POST", path, "a=1", {"Content-Type": "application/x-www-form-urlencoded"})
    connection = http.client.HTTPConnection(address.host, address.port)
    try:
        while GOING in _page(connection, path):
            time.sleep(LOOK_SECONDS)
    finally:
        connection.close()
    return time.perf_counter() - began - own


def _page(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    return connection.getresponse().read()


def _run(address: Address, need: RequiredRun) -> float:
    """Seconds from the click to the end of the run."""
    asked = {
        "variant": need.variant,
        "environment": need.environment,
        "parameters": dict(need.parameters),
    }
    began = time.perf_counter()
    address.json("POST", f"/sandbox/{need.demo}/runs", asked, prefer="wait=60")
    return time.perf_counter() - began
