"""An id of one's own, handed to the job as an argument; the job is looked for under it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from arq import create_pool
from arq.connections import RedisSettings
from arq.jobs import Job, JobStatus
from fastapi import FastAPI, HTTPException, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"arq": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


@app.post("/reports", status_code=202)
async def create_report(request: Request) -> dict[str, str]:
    task_id = str(uuid4())
    await request.state.arq.enqueue_job("make_report", task_id)
    return {"task_id": task_id, "status": "pending"}


@app.get("/reports/{task_id}")
async def read_report(task_id: str, request: Request) -> dict[str, object]:
    status = await Job(task_id, request.state.arq).status()
    if status is JobStatus.not_found:
        raise HTTPException(404)
    return {"status": status}
