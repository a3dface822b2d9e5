"""A BaseHTTPMiddleware that gives the response a task of its own."""

import asyncio

from fastapi import BackgroundTasks, FastAPI, Request, Response
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint

MAIL_SECONDS = 0.5
AUDIT_SECONDS = 0.3


async def write_audit(path: str) -> None:
    await asyncio.sleep(AUDIT_SECONDS)


class Audit(BaseHTTPMiddleware):
    async def dispatch(
        self,
        request: Request,
        call_next: RequestResponseEndpoint,
    ) -> Response:
        response = await call_next(request)
        response.background = BackgroundTask(write_audit, request.url.path)
        return response


app = FastAPI()
app.add_middleware(Audit)


class Item(BaseModel):
    name: str


async def send_mail(name: str) -> None:
    await asyncio.sleep(MAIL_SECONDS)


@app.post("/items")
async def create_item(item: Item, background_tasks: BackgroundTasks) -> Item:
    background_tasks.add_task(send_mail, item.name)
    return item
