"""The web side: one job for each month, by a name of its own."""

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


@app.post("/reports/{month}")
async def create_report(month: str, request: Request) -> dict[str, bool]:
    pool = request.state.pool
    job = await pool.enqueue_job("make_report", _job_id=f"report-{month}")
    return {"queued": job is not None}
