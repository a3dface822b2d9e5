"""An injected list in a WebSocket endpoint, filled for every message."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI, WebSocket

WRITE_SECONDS = 0.5

app = FastAPI()


def write_log(message: str) -> None:
    time.sleep(WRITE_SECONDS)  # a slow disk
    with Path("log.txt").open("a") as file:
        file.write(message + "\n")


@app.websocket("/items")
async def create_items(
    websocket: WebSocket,
    background_tasks: BackgroundTasks,
) -> None:
    await websocket.accept()
    async for name in websocket.iter_text():
        background_tasks.add_task(write_log, f"Created item {name}")
        await websocket.send_json({"name": name})
