"""A long task that awaits all that is slow in it."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

WORK_SECONDS = 1.5

app = FastAPI()


async def export() -> None:
    await asyncio.sleep(WORK_SECONDS)


@app.post("/exports")
async def create_export(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(export)
    return {"status": "accepted"}


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"status": "here"}
