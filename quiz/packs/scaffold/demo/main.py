"""What a reader would write at work: at most 80 lines, parameters as constants at the top."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

WORK_SECONDS = 0.5

app = FastAPI()


async def work() -> None:
    await asyncio.sleep(WORK_SECONDS)


@app.post("/items")
async def create_item(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(work)
    return {"status": "created"}
