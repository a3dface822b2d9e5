"""The task is handed the uploaded file, and reads it."""

import asyncio
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI, UploadFile

STEP_SECONDS = 0.6

app = FastAPI()


async def store(file: UploadFile) -> None:
    await asyncio.sleep(STEP_SECONDS)
    content = await file.read()
    Path("items.csv").write_bytes(content)


@app.post("/items")
async def import_items(
    file: UploadFile,
    background_tasks: BackgroundTasks,
) -> dict[str, str]:
    background_tasks.add_task(store, file)
    return {"status": "accepted"}
