"""The same task, which catches and logs its own exceptions."""

import asyncio
import logging

from fastapi import BackgroundTasks, FastAPI

PARTNER_SECONDS = 0.2
STATISTICS_SECONDS = 0.6

logger = logging.getLogger(__name__)
app = FastAPI()


async def ask_partner(order: str) -> None:
    await asyncio.sleep(PARTNER_SECONDS)
    raise ValueError(f"the partner does not know order {order}")


async def notify_partner(order: str) -> None:
    try:
        await ask_partner(order)
    except Exception:
        logger.exception("The partner was not told of order %s", order)


@app.post("/orders/{order}")
async def create_order(order: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(notify_partner, order)
    return {"order": order}


@app.get("/statistics")
async def read_statistics() -> dict[str, int]:
    await asyncio.sleep(STATISTICS_SECONDS)
    return {"orders": 1}
