"""The log line again, in an app whose middleware measures how long a request takes."""

import time
from pathlib import Path

from fastapi import BackgroundTasks, FastAPI, Request, Response
from pydantic import BaseModel
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint

WRITE_SECONDS = 0.5


class ProcessTime(BaseHTTPMiddleware):
    async def dispatch(
        self,
        request: Request,
        call_next: RequestResponseEndpoint,
    ) -> Response:
        started = time.perf_counter()
        response = await call_next(request)
        milliseconds = (time.perf_counter() - started) * 1000
        response.headers["X-Process-Time"] = f"{milliseconds:.1f}"
        return response


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
