"""The web side: the job is given an object, not a number."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from arq import create_pool
from arq.connections import RedisSettings
from fastapi import FastAPI, Request

from orders import Order


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"pool": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


@app.post("/orders/{number}")
async def create_order(number: int, request: Request) -> dict[str, str]:
    await request.state.pool.enqueue_job("bill", Order(number))
    return {"status": "accepted"}
