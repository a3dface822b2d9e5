"""The web side: a picture to shrink, and then a mail to send."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from picture_tasks import send_mail, shrink

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/pictures/{name}")
def upload(name: str) -> dict[str, str]:
    queue.enqueue(shrink, name)
    return {"status": "accepted"}


@app.post("/mails/{to}")
def write(to: str) -> dict[str, str]:
    queue.enqueue(send_mail, to)
    return {"status": "accepted"}
