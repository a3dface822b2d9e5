"""RQ as it is: a job that raises has failed."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from rq_tasks import send_order

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    queue.enqueue(send_order, order)
    return {"status": "accepted"}
