"""The tasks, and how long the web side may try to reach Redis."""

import os

from celery import Celery

CONNECTION_RETRIES = 2

celery = Celery("myapp", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
# Default: 20, the first at once, each further one a second later. Shortened to be seen here.
celery.conf.result_backend_transport_options = {
    "retry_policy": {"max_retries": CONNECTION_RETRIES},
}


@celery.task
def send_email_task(to: str, subject: str, body: str) -> None: ...
