"""The web side hands over the model itself instead of the address in it."""

from fastapi import FastAPI
from pydantic import BaseModel

from celery_app import celery, send_email_task

app = FastAPI()


class UserCreate(BaseModel):
    email: str


@app.post("/signup")
async def signup(user: UserCreate) -> dict[str, str]:
    task = send_email_task.delay(user, "Welcome!", "...")
    return {"email": user.email, "task": task.id}


@app.get("/task")
def read_task(id: str) -> dict[str, object]:
    task = celery.AsyncResult(id)
    return {"state": task.state, "result": str(task.result)}
