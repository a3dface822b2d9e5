"""A mail after each order, served with a limit on concurrency."""

import asyncio

import uvicorn
from fastapi import BackgroundTasks, FastAPI

MAIL_SECONDS = 1
LIMIT_CONCURRENCY = 3

app = FastAPI()


async def send_mail(order: str) -> None:
    await asyncio.sleep(MAIL_SECONDS)


@app.post("/orders/{order}")
async def create_order(
    order: str,
    background_tasks: BackgroundTasks,
) -> dict[str, str]:
    background_tasks.add_task(send_mail, order)
    return {"order": order}


if __name__ == "__main__":
    uvicorn.run(app, limit_concurrency=LIMIT_CONCURRENCY)
