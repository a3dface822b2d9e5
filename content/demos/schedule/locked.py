"""A lock for each slot of time in Redis: whoever sets it first does the work of that slot."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI
from redis.asyncio import Redis

redis = Redis.from_url(os.environ["REDIS_URL"])


async def cleanup() -> None:
    await asyncio.sleep(0.05)


async def tick() -> None:
    slot = round(time.time())
    # It outlives its slot by far, so that a clock that is a little off
    # takes no slot twice.
    if await redis.set(f"cleanup:{slot}", "taken", nx=True, ex=60):
        await cleanup()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    scheduler = AsyncIOScheduler()
    scheduler.add_job(tick, "cron", second="*")
    scheduler.start()
    yield
    scheduler.shutdown()
    await redis.aclose()


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def health() -> dict[str, str]:
    return {"status": "up"}
