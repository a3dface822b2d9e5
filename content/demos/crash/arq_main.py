"""The web side: puts the job into Redis, and tells its state."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from arq import create_pool
from arq.connections import RedisSettings
from arq.jobs import Job
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"pool": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)
jobs: dict[str, Job] = {}


@app.post("/orders/{order}")
async def create_order(order: str, request: Request) -> dict[str, str]:
    jobs[order] = await request.state.pool.enqueue_job("bill", order)
    return {"status": "accepted"}


@app.get("/orders/{order}")
async def state_of(order: str) -> dict[str, str]:
    return {"state": await jobs[order].status()}
