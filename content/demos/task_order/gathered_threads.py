"""Both block, and each is handed to a thread of its own; one task gathers the two threads."""

import asyncio
import time

from fastapi import BackgroundTasks, FastAPI

TASK_A_SECONDS = 2
TASK_B_SECONDS = 1

app = FastAPI()


def task_a() -> None:
    time.sleep(TASK_A_SECONDS)  # a library that blocks


def task_b() -> None:
    time.sleep(TASK_B_SECONDS)  # a library that blocks


async def both_tasks() -> None:
    await asyncio.gather(asyncio.to_thread(task_a), asyncio.to_thread(task_b))


@app.post("/items")
async def create_item(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(both_tasks)
    return {"status": "created"}
