"""A long answer, and a task that blocks the event loop while most of it is still to be sent."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import PlainTextResponse

WRITE_SECONDS = 0.5
CATALOGUE = "lamp\n" * 2_000_000  # 10 MB, more than a socket takes at once

app = FastAPI()


async def write_log(message: str) -> None:
    time.sleep(WRITE_SECONDS)  # a slow disk, and nothing is awaited
    with Path("log.txt").open("a") as file:
        file.write(message + "\n")


@app.post("/items")
async def export_items(background_tasks: BackgroundTasks) -> PlainTextResponse:
    background_tasks.add_task(write_log, "Exported all items")
    return PlainTextResponse(CATALOGUE)
