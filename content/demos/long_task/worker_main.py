"""A long task that computes, in the process of a queue's worker."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from worker_tasks import export

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/exports")
def create_export() -> dict[str, str]:
    queue.enqueue(export)
    return {"status": "accepted"}


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"status": "here"}
