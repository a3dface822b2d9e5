"""Three tasks in one list, each in a guard that logs what it catches."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from fastapi import BackgroundTasks, FastAPI

RECEIPT_SECONDS = 0.3
PARTNER_SECONDS = 0.2
STATISTICS_SECONDS = 0.6

logger = logging.getLogger(__name__)
app = FastAPI()


async def send_receipt(order: str) -> None:
    await asyncio.sleep(RECEIPT_SECONDS)


async def notify_partner(order: str) -> None:
    await asyncio.sleep(PARTNER_SECONDS)
    raise ValueError(f"the partner does not know order {order}")


async def update_statistics(order: str) -> None:
    await asyncio.sleep(STATISTICS_SECONDS)


async def guarded(task: Callable[[str], Awaitable[None]], order: str) -> None:
    try:
        await task(order)
    except Exception:
        logger.exception("A background task of order %s failed", order)


@app.post("/orders/{order}")
async def create_order(order: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(guarded, send_receipt, order)
    background_tasks.add_task(guarded, notify_partner, order)
    background_tasks.add_task(guarded, update_statistics, order)
    return {"order": order}
