"""Attempts to store and a storage to keep them in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quiz.learning.attempt import Attempt, new_id
from quiz.storage.storage import Storage

ANNA, BERT = "a" * 64, "b" * 64
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Storage]:
    storage = Storage(path)
    await storage.start()
    try:
        yield storage
    finally:
        await storage.stop()


async def exported(storage: Storage, learner: str) -> list[Attempt]:
    """All attempts of the learner, oldest first."""
    return [one async for batch in storage.attempts.batches(learner) for one in batch]


def attempt(token: str = "t", **changed: Any) -> Attempt:
    usual = Attempt(
        id=new_id(),
        learner=ANNA,
        token=token,
        pack="p",
        question="q",
        kind="choice",
        answer=["o2"],
        score=1.0,
        at=NOON,
    )
    return replace(usual, **changed)
