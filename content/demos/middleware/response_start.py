"""A middleware in pure ASGI that takes the time when the response starts."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WRITE_SECONDS = 0.5


class ProcessTime:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()

        async def send_with_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                milliseconds = (time.perf_counter() - started) * 1000
                MutableHeaders(scope=message)["X-Process-Time"] = f"{milliseconds:.1f}"
            await send(message)

        await self.app(scope, receive, send_with_time)


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
