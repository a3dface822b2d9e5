"""A background task lives in the web process, and nowhere else."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

WORK_SECONDS = 0.8

app = FastAPI()


async def bill(order: str) -> None:
    await asyncio.sleep(WORK_SECONDS)


@app.post("/orders/{order}")
async def create_order(order: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(bill, order)
    return {"status": "accepted"}
