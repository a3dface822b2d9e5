"""ARQ's pool lists queued jobs and results; the worker's health check is a key in Redis."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from arq import create_pool
from arq.connections import RedisSettings
from arq.constants import default_queue_name, health_check_key_suffix
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"pool": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


@app.post("/reports/{month}")
async def create_report(month: str, request: Request) -> dict[str, str]:
    job = await request.state.pool.enqueue_job("make_report", month, _job_id=month)
    return {"job": job.job_id}


@app.get("/reports")
async def what_runs(request: Request) -> dict[str, list[str]]:
    pool = request.state.pool
    health = await pool.get(default_queue_name + health_check_key_suffix)
    results = await pool.all_job_results()
    return {
        "queued_jobs": [job.job_id for job in await pool.queued_jobs()],
        "succeeded": [result.job_id for result in results if result.success],
        "failed": [result.job_id for result in results if not result.success],
        "health_check": [health.decode()],
    }
