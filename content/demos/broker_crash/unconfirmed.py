"""Orders for RabbitMQ, published as Celery does it by default."""

import os

from celery import Celery
from fastapi import FastAPI

ORDERS = 5

queue = Celery("unconfirmed", broker=os.environ["AMQP_URL"])
app = FastAPI()


@queue.task
def send(number: int) -> None:
    print(f"Order {number} is sent.")


@app.post("/orders")
def create_orders() -> dict[str, int]:
    for number in range(ORDERS):
        send.delay(number)
    return {"queued": ORDERS}


@app.get("/orders")
def count_orders() -> dict[str, int]:
    with queue.connection_for_read() as connection:
        return {"left": connection.SimpleQueue("celery").qsize()}
