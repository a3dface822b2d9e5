"""The web side: `enqueue` puts the name of the function and its arguments into Redis."""

import os

from fastapi import FastAPI
from redis import Redis
from rq import Queue

from tasks import send_welcome_email

queue = Queue(connection=Redis.from_url(os.environ["REDIS_URL"]))
app = FastAPI()


@app.post("/signup")
def signup(email: str) -> dict[str, str]:
    queue.enqueue(send_welcome_email, email)
    return {"status": "created"}
