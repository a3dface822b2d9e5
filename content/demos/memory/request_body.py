"""A request of 30 MB, and a task that is handed nothing of it."""

import asyncio

from fastapi import BackgroundTasks, FastAPI, Request

STEP_SECONDS = 0.6

app = FastAPI()


async def write_log(lines: int) -> None:
    await asyncio.sleep(STEP_SECONDS)


@app.post("/items")
async def import_items(
    request: Request,
    background_tasks: BackgroundTasks,
) -> dict[str, int]:
    lines = (await request.body()).count(b"\n")
    background_tasks.add_task(write_log, lines)
    return {"items": lines}
