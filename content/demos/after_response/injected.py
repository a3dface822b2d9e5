"""A log line that is written after the client has its answer."""

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


@app.post("/items")
async def create_item(item: Item, background_tasks: BackgroundTasks) -> Item:
    background_tasks.add_task(write_log, f"Created item {item.name}")
    return item
