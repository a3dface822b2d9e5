"""The worker acknowledges the message after the task. The broker is RabbitMQ."""

import os
import time

from celery import Celery

WORK_SECONDS = 0.8

queue = Celery(
    "celery_rabbitmq_tasks",
    broker=os.environ["AMQP_URL"],
    backend=os.environ["REDIS_URL"],
)


@queue.task(acks_late=True)
def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
