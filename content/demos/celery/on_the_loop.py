"""`delay` is a plain function: it talks to Redis on the event loop."""

from fastapi import FastAPI
from pydantic import BaseModel

from hasty_app import send_email_task

app = FastAPI()


class UserCreate(BaseModel):
    email: str


@app.post("/signup")
async def signup(user: UserCreate) -> dict[str, str]:
    task = send_email_task.delay(user.email, "Welcome!", "...")
    return {"email": user.email, "task": task.id}


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"status": "up"}
