"""A class: thirty learners, each answering and running something once a minute for five minutes.

Every answer's own run starts as the app decides; half a minute later each learner runs a sleeper
whose time is known. What was answered is counted again at the end.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2

from bench.figures import BenchError, Figure, percentile
from bench.runs import OVER, PATH, SLEEPER, warm
from bench.server import Address, Place, quiz
from quiz.packs.catalog import load
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.settings import Settings
from quiz.web.core import learner_cookie

PACK = "background-tasks"
LEARNERS, MINUTES, MINUTE = 30, 5, 60.0
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class Seen:
    """Measurements of a class: seconds per page, and milliseconds that sleeps were off."""

    pages: list[float] = field(default_factory=list)
    errors_ms: list[float] = field(default_factory=list)
    disturbed: int = 0
    faults: list[str] = field(default_factory=list)
    answered: int = 0
    kept: int = 0


def figures(at: Place) -> Iterator[Figure]:
    pack = load(Settings()).packs[PACK]
    with quiz(at, at.new("data")) as served:
        warm(served)
        seen = asyncio.run(_lesson(served.address, pack))
    if not seen.errors_ms:
        raise BenchError(f"No run of the class ended well: {seen.faults[:3]}")
    what = f"{LEARNERS} learners, an answer and a run a minute for {MINUTES} min"
    faults = "; ".join(seen.faults[:3]) or "none"
    yield Figure(f"{what}: errors", len(seen.faults), 0, notes=(f"They are: {faults}.",))
    yield Figure(
        "  lost attempts",
        seen.answered - seen.kept,
        0,
        notes=(f"{seen.answered} were sent, {seen.kept} are in the learners' exports.",),
    )
    yield Figure(
        "  pages, p95",
        percentile(seen.pages, 0.95) * 1000,
        150,
        "ms",
        notes=(f"{len(seen.pages)} pages, median {percentile(seen.pages, 0.5) * 1000:.1f} ms.",),
    )
    yield Figure(
        "  error of a 200 ms sleep, p95",
        percentile(seen.errors_ms, 0.95),
        15,
        "ms",
        notes=(
            f"{len(seen.errors_ms)} runs; {seen.disturbed} more said themselves that the machine"
            " was too busy.",
        ),
    )


async def _lesson(address: Address, pack: Pack) -> Seen:
    seen = Seen()
    await asyncio.gather(*(_learner(address, pack, n, seen) for n in range(LEARNERS)))
    return seen


async def _learner(address: Address, pack: Pack, number: int, seen: Seen) -> None:
    """One learner of the class, who starts some seconds after the previous learner."""
    began = time.monotonic() + number * MINUTE / LEARNERS
    chosen = Random(number).sample(pack.questions, MINUTES)
    secret = secrets.token_urlsafe(32)
    async with httpx2.AsyncClient(
        base_url=f"http://{address.host}:{address.port}",
        cookies={learner_cookie.NAME: secret},
        timeout=30.0,
    ) as client:
        for minute, question in enumerate(chosen):
            await _until(began + minute * MINUTE)
            await _answer(client, pack, question, seen)
            await _until(began + (minute + 0.5) * MINUTE)
            await _sleeper(client, seen)
        kept = (await client.get("/progress/export.json")).json()["attempts"]
        seen.kept += len(kept)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


async def _answer(client: httpx2.AsyncClient, pack: Pack, question: Question, seen: Seen) -> None:
    """As a browser without script: the form, the answer, the page it leads to, a look around."""
    path = f"/packs/{pack.slug}/{question.id}"
    form = await _page(client, path, seen)
    token = TOKEN.search(form)
    if token is None:
        seen.faults.append(f"{path} has no token")
        return
    fields: dict[str, list[str]] = {"token": [token[1]]}
    for name, value in question.examples()["correct"][0]:
        fields.setdefault(name, []).append(value)
    sent = await _timed(client, "POST", f"{path}/attempts", seen, data=fields)
    if sent.status_code != 303:
        seen.faults.append(f"{path}/attempts gave {sent.status_code}")
        return
    seen.answered += 1
    for page in (sent.headers["location"], f"/packs/{pack.slug}", "/progress"):
        await _page(client, page, seen)


async def _page(client: httpx2.AsyncClient, path: str, seen: Seen) -> str:
    response = await _timed(client, "GET", path, seen)
    if response.status_code != 200:
        seen.faults.append(f"{path} gave {response.status_code}")
    return response.text


async def _timed(
    client: httpx2.AsyncClient, method: str, path: str, seen: Seen, **more: Any
) -> httpx2.Response:
    began = time.perf_counter()
    response = await client.request(method, path, **more)
    seen.pages.append(time.perf_counter() - began)
    return response


async def _sleeper(client: httpx2.AsyncClient, seen: Seen) -> None:
    started = await client.post(PATH, json={"parameters": SLEEPER})
    if started.status_code != 202:
        seen.faults.append(f"{PATH} gave {started.status_code}: {started.text[:100]}")
        return
    run = await _ended(client, started.headers["location"])
    if run["status"] != "finished":
        seen.faults.append(f"a run is {run['status']}: {run['reason']}")
    elif run.get("disturbed"):
        seen.disturbed += 1
    else:
        slept = run["facts"]["call"]["task_a"]["took_ms"]
        seen.errors_ms.append(abs(slept - SLEEPER["task_a_seconds"] * 1000))


async def _ended(client: httpx2.AsyncClient, path: str) -> dict[str, Any]:
    while True:
        run: dict[str, Any] = (await client.get(path)).json()
        if run["status"] in OVER:
            return run
        await asyncio.sleep(0.5)
