"""Two ways at once: an injected list, and a response with a task of its own."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

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


@app.post("/items")
async def create_item(
    item: Item,
    background_tasks: BackgroundTasks,
) -> JSONResponse:
    background_tasks.add_task(write_log, f"Created item {item.name}")
    mail = BackgroundTask(send_mail, "ada@example.org")
    return JSONResponse({"name": item.name}, background=mail)
