"""Five orders are put into the queue; no worker is there to take them."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

ORDERS = 5

redis = Redis.from_url(os.environ["REDIS_URL"])
app = FastAPI()


def send(number: int) -> None:
    print(f"Order {number} is sent.")


@app.post("/orders")
def create_orders() -> dict[str, int]:
    queue = Queue(connection=redis)
    for number in range(ORDERS):
        queue.enqueue(send, number)
    return {"queued": queue.count}
