"""Celery: a worker starts this task at most so often."""

import logging
import os

import httpx
from celery import Celery

CALLS_A_SECOND = 4

partner = httpx.Client(base_url=os.environ["PARTNER_URL"])
queue = Celery("celery_tasks", broker=os.environ["REDIS_URL"])


@queue.task(rate_limit=f"{CALLS_A_SECOND}/s")
def charge(order: int) -> None:
    if partner.post("/charges").status_code == 429:
        logging.warning("Order %s was refused", order)
