"""The web side: a picture to shrink, and then a mail to send."""

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


@app.post("/pictures/{name}")
async def upload(name: str, request: Request) -> dict[str, str]:
    await request.state.pool.enqueue_job("shrink", name)
    return {"status": "accepted"}


@app.post("/mails/{to}")
async def write(to: str, request: Request) -> dict[str, str]:
    await request.state.pool.enqueue_job("send_mail", to)
    return {"status": "accepted"}
