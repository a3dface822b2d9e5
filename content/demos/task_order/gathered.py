"""The same work in one task that gathers both, so that they wait at the same time."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

TASK_A_SECONDS = 2
TASK_B_SECONDS = 1

app = FastAPI()


async def task_a() -> None:
    await asyncio.sleep(TASK_A_SECONDS)


async def task_b() -> None:
    await asyncio.sleep(TASK_B_SECONDS)


async def both_tasks() -> None:
    await asyncio.gather(task_a(), task_b())


@app.post("/items")
async def create_item(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(both_tasks)
    return {"status": "created"}
