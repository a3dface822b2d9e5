"""APScheduler inside the web process: every process has a scheduler of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

EVERY_SECONDS = 1


async def cleanup() -> None:
    await asyncio.sleep(0.05)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    scheduler = AsyncIOScheduler()
    scheduler.add_job(cleanup, "interval", seconds=EVERY_SECONDS)
    scheduler.start()
    yield
    scheduler.shutdown()


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def health() -> dict[str, str]:
    return {"status": "up"}
