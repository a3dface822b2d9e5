"""Five orders are put into the queue; no worker is there to take them."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

ORDERS = 5

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


def send(number: int) -> None:
    print(f"Order {number} is sent.")


@app.post("/orders")
def create_orders() -> dict[str, int]:
    for number in range(ORDERS):
        queue.enqueue(send, number)
    return {"queued": ORDERS}


@app.get("/orders")
def count_orders() -> dict[str, int]:
    return {"left": queue.count}
