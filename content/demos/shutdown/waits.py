"""A background task under uvicorn, which waits for it when it is told to stop."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

WORK_SECONDS = 1.5

app = FastAPI()


async def export(name: str) -> None:
    await asyncio.sleep(WORK_SECONDS)


async def notify(name: str) -> None:
    await asyncio.sleep(0)


@app.post("/exports/{name}")
async def create_export(name: str, tasks: BackgroundTasks) -> dict[str, str]:
    tasks.add_task(export, name)
    tasks.add_task(notify, name)
    return {"status": "accepted"}
