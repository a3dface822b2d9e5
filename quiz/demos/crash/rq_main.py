"""The web side: puts the job into Redis, and tells its state."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue
from rq.job import Job

from rq_tasks import bill

redis = Redis.from_url(os.environ["REDIS_URL"])
queue = Queue(connection=redis)
app = FastAPI()


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    return {"task": queue.enqueue(bill, order).id}


@app.get("/tasks/{task}")
def state_of(task: str) -> dict[str, str]:
    return {"state": Job.fetch(task, connection=redis).get_status()}
