"""A task raises in an app that has a handler for every exception."""

import asyncio
import logging

from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import JSONResponse

PARTNER_SECONDS = 0.2

logger = logging.getLogger(__name__)
app = FastAPI()


@app.exception_handler(Exception)
async def report_error(request: Request, error: Exception) -> JSONResponse:
    logger.error("%s %s failed: %s", request.method, request.url.path, error)
    return JSONResponse({"detail": "Something went wrong"}, status_code=500)


async def notify_partner(order: str) -> None:
    await asyncio.sleep(PARTNER_SECONDS)
    raise ValueError(f"the partner does not know order {order}")


@app.post("/orders/{order}")
async def create_order(order: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(notify_partner, order)
    return {"order": order}
