"""The mail in an asyncio task of its own, so that its request ends with the response."""

import asyncio

import uvicorn
from fastapi import FastAPI

MAIL_SECONDS = 1
LIMIT_CONCURRENCY = 3

app = FastAPI()
mails: set[asyncio.Task[None]] = set()


async def send_mail(order: str) -> None:
    await asyncio.sleep(MAIL_SECONDS)


@app.post("/orders/{order}")
async def create_order(order: str) -> dict[str, str]:
    mail = asyncio.create_task(send_mail(order))
    # The event loop holds tasks by weak references only.
    mails.add(mail)
    mail.add_done_callback(mails.discard)
    return {"order": order}


if __name__ == "__main__":
    uvicorn.run(app, limit_concurrency=LIMIT_CONCURRENCY)
