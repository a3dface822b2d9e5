"""An asyncio task of one's own: uvicorn knows nothing of it."""

import asyncio

from fastapi import FastAPI

WORK_SECONDS = 1.5

app = FastAPI()
running: set[asyncio.Task[None]] = set()


async def export(name: str) -> None:
    await asyncio.sleep(WORK_SECONDS)


@app.post("/exports/{name}")
async def create_export(name: str) -> dict[str, str]:
    task = asyncio.create_task(export(name))
    # Without a reference the loop might drop it half-way.
    running.add(task)
    task.add_done_callback(running.discard)
    return {"status": "accepted"}
