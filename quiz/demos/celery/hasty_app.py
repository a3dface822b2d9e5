"""The tasks, and how long the web side may try to reach Redis."""

import os

from celery import Celery

CONNECTION_TRIES = 2

celery = Celery("myapp", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
# Default: 20 tries, 1 s apart but for the first two. Shortened to be seen here.
celery.conf.result_backend_transport_options = {
    "retry_policy": {"max_retries": CONNECTION_TRIES},
}


@celery.task
def send_email_task(to: str, subject: str, body: str) -> None: ...
