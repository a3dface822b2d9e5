"""The web side: `enqueue_job` puts the function's name and its arguments into Redis."""

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


@app.post("/signup")
async def signup(email: str, request: Request) -> dict[str, str]:
    await request.state.pool.enqueue_job("send_welcome_email", email)
    return {"status": "created"}
