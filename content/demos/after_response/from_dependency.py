"""A dependency adds a task, and the handler that uses it adds another."""

import time
from pathlib import Path
from typing import Annotated

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


def send_mail(address: str) -> None:
    time.sleep(WRITE_SECONDS)  # a slow mail server


async def current_user(background_tasks: BackgroundTasks) -> str:
    background_tasks.add_task(write_log, "ada was here")
    return "ada@example.org"


@app.post("/items")
async def create_item(
    item: Item,
    background_tasks: BackgroundTasks,
    user: Annotated[str, Depends(current_user)],
) -> Item:
    background_tasks.add_task(send_mail, user)
    return item
