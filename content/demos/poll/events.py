"""The same by server-sent events: the client asks once, and is told when the report has ended."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from arq import create_pool
from arq.connections import RedisSettings
from arq.jobs import Job, JobStatus
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))
    yield {"arq": pool}
    await pool.aclose()


app = FastAPI(lifespan=lifespan)


async def known_job(job_id: str, request: Request) -> Job:
    job = Job(job_id, request.state.arq)
    if await job.status() is JobStatus.not_found:
        raise HTTPException(404, "There is no such report, or not any more.")
    return job


@app.post("/reports", status_code=202)
async def create_report(request: Request, response: Response) -> dict[str, str]:
    job = await request.state.arq.enqueue_job("make_report")
    response.headers["Location"] = f"/reports/{job.job_id}/events"
    return {"status": JobStatus.queued}


@app.get("/reports/{job_id}/events", response_class=EventSourceResponse)
async def report_events(
    job: Annotated[Job, Depends(known_job)],
    request: Request,
) -> AsyncIterator[ServerSentEvent]:
    async with request.state.arq.pubsub() as news:
        # Before the look, so that an end between the two is not missed.
        await news.subscribe(job.job_id)
        status = await job.status()
        yield ServerSentEvent(data={"status": status})
        while status is not JobStatus.complete:
            if await news.get_message(timeout=15):
                status = await job.status()
    info = await job.result_info()
    if info is None or not info.success:
        yield ServerSentEvent(data={"status": "failed"})
    else:
        yield ServerSentEvent(data={"status": "done", "report": info.result})
