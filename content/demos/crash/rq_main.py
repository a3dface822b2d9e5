"""The web side: puts the job into Redis, and tells its state."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue
from rq.job import Job

from rq_tasks import bill

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()
jobs: dict[str, Job] = {}


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    jobs[order] = queue.enqueue(bill, order)
    return {"status": "accepted"}


@app.get("/orders/{order}")
def state_of(order: str) -> dict[str, str]:
    return {"state": jobs[order].get_status()}
