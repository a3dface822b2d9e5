"""A task that says what it was given."""

import os

from celery import Celery

celery = Celery("myapp", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])


@celery.task
def pack(shelves: object, size: object, due: object) -> str:
    return f"{shelves!r}, {size!r}, {due!r}"
