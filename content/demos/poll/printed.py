"""As it is often printed: an id of one's own, and a method that ARQ's pool does not have."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from arq import create_pool
from arq.connections import RedisSettings
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel


class ReportParams(BaseModel):
    month: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"arq": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


@app.post("/reports", status_code=202)
async def create_report(request: Request, params: ReportParams) -> dict[str, str]:
    task_id = str(uuid4())
    await request.state.arq.enqueue_job("make_report", task_id, params.dict())
    return {"task_id": task_id, "status": "pending"}


@app.get("/reports/{task_id}")
async def read_report(task_id: str, request: Request) -> dict[str, object]:
    job = await request.state.arq.job(task_id)
    if job is None:
        raise HTTPException(404)
    status = await job.status()
    if status == "complete":
        return {"status": "complete", "result": await job.result()}
    return {"status": status}
