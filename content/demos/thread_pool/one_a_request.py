"""Every request leaves one blocking task behind; the pool has few threads."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import BackgroundTasks, FastAPI

TOKENS = 4  # anyio's own default is 40
REPORT_SECONDS = 0.5


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = TOKENS
    yield


app = FastAPI(lifespan=lifespan)


def write_report() -> None:
    time.sleep(REPORT_SECONDS)  # a library that blocks


@app.post("/reports")
async def create_report(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(write_report)
    return {"status": "accepted"}


@app.get("/sync")
def sync_ping() -> dict[str, str]:
    return {"status": "here"}


@app.get("/async")
async def async_ping() -> dict[str, str]:
    return {"status": "here"}
