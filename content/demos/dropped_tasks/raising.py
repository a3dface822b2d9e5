"""A handler that adds a task and then raises."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI, HTTPException
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
    background_tasks.add_task(write_log, f"Refused item {item.name}")
    raise HTTPException(status_code=409, detail="This name is taken")
