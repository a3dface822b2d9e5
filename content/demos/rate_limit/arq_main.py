"""The web side: twenty jobs into Redis."""

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


@app.post("/payday")
async def charge_all(request: Request) -> dict[str, int]:
    orders = range(20)
    for order in orders:
        await request.state.pool.enqueue_job("charge", order)
    return {"orders": len(orders)}
