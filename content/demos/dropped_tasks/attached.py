"""A list of tasks that the handler makes itself and gives to the response."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
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
async def create_item(item: Item) -> JSONResponse:
    background_tasks = BackgroundTasks()
    background_tasks.add_task(write_log, f"Created item {item.name}")
    return JSONResponse({"name": item.name}, background=background_tasks)
