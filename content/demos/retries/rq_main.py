"""RQ: three more tries, each after a wait that a worker with a scheduler keeps."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue, Retry

from rq_tasks import send_order

RETRY_SECONDS = 1

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    queue.enqueue(send_order, order, retry=Retry(max=3, interval=RETRY_SECONDS))
    return {"status": "accepted"}
