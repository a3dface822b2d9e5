"""A response of 30 MB, and a task that is handed nothing of it."""

import asyncio

from fastapi import BackgroundTasks, FastAPI, Response

STEP_SECONDS = 0.6
LINE = b"100001,lamp,19.90\n"
LINES = 1_700_000

app = FastAPI()


async def write_log(name: str) -> None:
    await asyncio.sleep(STEP_SECONDS)


@app.get("/items")
async def export_items(background_tasks: BackgroundTasks) -> Response:
    background_tasks.add_task(write_log, "items.csv")
    return Response(LINE * LINES, media_type="text/csv")
