"""Two tasks in one list: Starlette awaits them one after another."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

TASK_A_SECONDS = 2
TASK_B_SECONDS = 1

app = FastAPI()


async def task_a() -> None:
    await asyncio.sleep(TASK_A_SECONDS)


async def task_b() -> None:
    await asyncio.sleep(TASK_B_SECONDS)


@app.post("/items")
async def create_item(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(task_a)
    background_tasks.add_task(task_b)
    return {"status": "created"}
