"""Acknowledged after the task; Redis hands it out again once it was invisible for so long."""

import os
import time

from celery import Celery

WORK_SECONDS = 0.8

url = os.environ["REDIS_URL"]
queue = Celery("celery_late_tasks", broker=url, backend=url)
# Defaults: 3600 s; a look every 10 s of which every tenth counts. Shortened to be seen here.
queue.conf.broker_transport_options = {
    "visibility_timeout": 2,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}


@queue.task(acks_late=True)
def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
