"""Celery's state of whatever id it is asked for."""

import os

from celery import Celery
from fastapi import FastAPI

url = os.environ["REDIS_URL"]
queue = Celery("celery_main", broker=url, backend=url)
app = FastAPI()


@app.get("/reports/{task_id}")
def read_report(task_id: str) -> dict[str, str]:
    return {"status": queue.AsyncResult(task_id).state}
