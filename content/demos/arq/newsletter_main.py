"""The web side: a job for each of the readers."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from arq import create_pool
from arq.connections import RedisSettings
from fastapi import FastAPI, Request

JOBS = 12


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"pool": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


@app.post("/newsletters")
async def send_newsletter(request: Request) -> dict[str, int]:
    for number in range(JOBS):
        await request.state.pool.enqueue_job("send_to", f"reader-{number}@example.com")
    return {"jobs": JOBS}
