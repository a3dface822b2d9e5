"""The web side: one job for each month, and no second while the first is known."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue
from rq.exceptions import DuplicateJobError

from report_tasks import make_report

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/reports/{month}")
def create_report(month: str) -> dict[str, bool]:
    try:
        queue.enqueue(make_report, month, job_id=f"report-{month}", unique=True)
    except DuplicateJobError:
        return {"queued": False}
    return {"queued": True}
