"""Rows of runs to store."""

from datetime import timedelta
from typing import Any

from quiz.storage.storage import Storage
from tests.attempts import ANNA, NOON


def run(id: str, **changed: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": id,
        "demo": "d",
        "variant": "v",
        "environment": "current",
        "parameters": {"s": 1},
    }
    usual |= {"status": "queued", "learner": ANNA, "created": NOON, "memory_mb": 60, "seconds": 3.1}
    return usual | changed


async def ended(storage: Storage, *ids: str) -> None:
    """Runs that ended in this order, a second apart."""
    for place, id in enumerate(ids):
        await storage.runs.add(run(id))
        when = NOON + timedelta(seconds=place)
        await storage.runs.update(id, status="finished", ended=when, record=f'{{"id": "{id}"}}')


async def records(storage: Storage, *ids: str) -> list[bool]:
    rows = [await storage.runs.get(id) for id in ids]
    return [bool(row and row["record"]) for row in rows]
