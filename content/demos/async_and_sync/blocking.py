"""The same two tasks, but the async one calls a library that blocks."""

import time

from fastapi import BackgroundTasks, FastAPI

MAIL_SECONDS = 1
AUDIT_SECONDS = 0.5

app = FastAPI()


async def send_mail(address: str) -> None:
    time.sleep(MAIL_SECONDS)  # an SMTP client that blocks


def write_audit(event: str) -> None:
    time.sleep(AUDIT_SECONDS)  # a library that blocks


@app.post("/signup")
async def signup(background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(send_mail, "ada@example.org")
    background_tasks.add_task(write_audit, "signup")
    return {"status": "welcome"}


@app.get("/ping")
async def ping() -> dict[str, str]:
    return {"status": "here"}
