"""Routes and tasks in one module, which has two attributes that are called an app."""

import os
import time

from celery import Celery
from fastapi import FastAPI
from pydantic import BaseModel

MAIL_SECONDS = 0.5

app = FastAPI()
celery = Celery("myapp", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])


class UserCreate(BaseModel):
    email: str


@celery.task
def send_email_task(to: str, subject: str, body: str) -> str:
    time.sleep(MAIL_SECONDS)
    return f"{subject} is on its way to {to}"


@app.post("/signup")
async def signup(user: UserCreate) -> dict[str, str]:
    task = send_email_task.delay(user.email, "Welcome!", "...")
    return {"email": user.email, "task": task.id}


@app.get("/task")
def read_task(id: str) -> dict[str, object]:
    task = celery.AsyncResult(id)
    return {"state": task.state, "result": str(task.result)}
