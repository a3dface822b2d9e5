"""The status of ARQ and its result, handed through as they are."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from arq import create_pool
from arq.connections import RedisSettings
from arq.jobs import Job, JobStatus
from fastapi import FastAPI, Request, Response


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"arq": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


@app.post("/reports", status_code=202)
async def create_report(request: Request, response: Response) -> dict[str, str]:
    job = await request.state.arq.enqueue_job("make_report")
    response.headers["Location"] = f"/reports/{job.job_id}"
    response.headers["Retry-After"] = "1"
    return {"status": JobStatus.queued}


@app.get("/reports/{job_id}")
async def read_report(job_id: str, request: Request) -> dict[str, object]:
    job = Job(job_id, request.state.arq)
    status = await job.status()
    if status is JobStatus.complete:
        return {"status": status, "report": await job.result()}
    return {"status": status}
