"""A dependency that adds its task after the `yield`, when it knows how the handler ended."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import BackgroundTasks, Depends, FastAPI
from pydantic import BaseModel

WRITE_SECONDS = 0.5

app = FastAPI()


class Item(BaseModel):
    name: str


def write_log(message: str) -> None:
    time.sleep(WRITE_SECONDS)  # a slow disk
    with Path("log.txt").open("a") as file:
        file.write(message + "\n")


async def audit(background_tasks: BackgroundTasks) -> AsyncIterator[None]:
    yield
    background_tasks.add_task(write_log, "One more item was created")


@app.post("/items", dependencies=[Depends(audit)])
async def create_item(item: Item) -> Item:
    return item
