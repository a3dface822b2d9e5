"""A middleware in pure ASGI that takes the time around the whole call of the app."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

WRITE_SECONDS = 0.5


class ProcessTime:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        started = time.perf_counter()
        await self.app(scope, receive, send)
        milliseconds = (time.perf_counter() - started) * 1000
        if scope["type"] == "http":
            with Path("times.log").open("a") as file:
                file.write(f"{scope['path']} {milliseconds:.1f}\n")


app = FastAPI()
app.add_middleware(ProcessTime)


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
