"""`delay` in a thread of the pool: whoever signs up waits for Redis, nobody else does."""

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from hasty_app import send_email_task

app = FastAPI()


class UserCreate(BaseModel):
    email: str


@app.post("/signup")
async def signup(user: UserCreate) -> dict[str, str]:
    message = (user.email, "Welcome!", "...")
    task = await run_in_threadpool(send_email_task.delay, *message)
    return {"email": user.email, "task": task.id}


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"status": "up"}
