"""RQ keeps the ids of a queue's jobs in registries, one for each state."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from rq_tasks import make_report

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/reports/{month}")
def create_report(month: str) -> dict[str, str]:
    return {"job": queue.enqueue(make_report, month, job_id=month).id}


@app.get("/reports")
def what_runs() -> dict[str, list[str]]:
    return {
        "queued": queue.job_ids,
        "started": queue.started_job_registry.get_job_ids(),
        "finished": queue.finished_job_registry.get_job_ids(),
        "failed": queue.failed_job_registry.get_job_ids(),
    }
