"""The web side: a coroutine function is enqueued like any other."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from async_tasks import fetch

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/feeds/{name}")
def refresh(name: str) -> dict[str, str]:
    queue.enqueue(fetch, name)
    return {"status": "accepted"}
