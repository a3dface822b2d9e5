"""The web side: `enqueue` pushes the job's id onto a list in Redis."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from rq_tasks import bill

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    queue.enqueue(bill, order)
    return {"status": "accepted"}
