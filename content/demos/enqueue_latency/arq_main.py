"""The web side: `enqueue_job` adds a member to a sorted set in Redis."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from arq import create_pool
from arq.connections import RedisSettings
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"pool": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


@app.post("/orders/{order}")
async def create_order(order: str, request: Request) -> dict[str, str]:
    await request.state.pool.enqueue_job("bill", order)
    return {"status": "accepted"}
