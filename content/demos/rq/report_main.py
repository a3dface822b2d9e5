"""The web side: one job for each month, by a name of its own."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from report_tasks import make_report

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/reports/{month}")
def create_report(month: str) -> dict[str, bool]:
    queue.enqueue(make_report, month, job_id=f"report-{month}")
    return {"queued": True}
