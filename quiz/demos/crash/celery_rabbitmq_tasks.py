"""Acknowledged after the task; RabbitMQ hands it out again once the worker's connection breaks."""

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
