"""A long task that computes, in a thread of the pool."""

import time

from fastapi import BackgroundTasks, FastAPI

WORK_SECONDS = 1.5

app = FastAPI()


def export() -> int:
    total, until = 0, time.monotonic() + WORK_SECONDS
    while time.monotonic() < until:
        for number in range(10_000):
            total = (total * 31 + number) % 1_000_003
    return total


@app.post("/exports")
async def create_export(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(export)
    return {"status": "accepted"}


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"status": "here"}
