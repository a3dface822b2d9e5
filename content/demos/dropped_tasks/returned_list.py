"""A handler that makes a list of tasks and returns the list itself."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel

WRITE_SECONDS = 0.5

app = FastAPI()


class Item(BaseModel):
    name: str


def write_log(message: str) -> None:
    time.sleep(WRITE_SECONDS)  # a slow disk
    with Path("log.txt").open("a") as file:
        file.write(message + "\n")


@app.post("/items", response_model=None)
async def create_item(item: Item) -> BackgroundTasks:
    background_tasks = BackgroundTasks()
    background_tasks.add_task(write_log, f"Created item {item.name}")
    return background_tasks
