"""The web side: `delay` writes the task's name and arguments to Redis and returns."""

from fastapi import FastAPI
from pydantic import BaseModel

from async_app import celery, send_email_task

app = FastAPI()


class UserCreate(BaseModel):
    email: str


@app.post("/signup")
async def signup(user: UserCreate) -> dict[str, str]:
    task = send_email_task.delay(user.email, "Welcome!", "...")
    return {"email": user.email, "task": task.id}


@app.get("/task")
def read_task(id: str) -> dict[str, object]:
    task = celery.AsyncResult(id)
    return {"state": task.state, "result": str(task.result)}
