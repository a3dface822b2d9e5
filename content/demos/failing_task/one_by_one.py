"""Three tasks in one list; the second raises."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

RECEIPT_SECONDS = 0.3
PARTNER_SECONDS = 0.2
STATISTICS_SECONDS = 0.6

app = FastAPI()


async def send_receipt(order: str) -> None:
    await asyncio.sleep(RECEIPT_SECONDS)


async def notify_partner(order: str) -> None:
    await asyncio.sleep(PARTNER_SECONDS)
    raise ValueError(f"the partner does not know order {order}")


async def update_statistics(order: str) -> None:
    await asyncio.sleep(STATISTICS_SECONDS)


@app.post("/orders/{order}")
async def create_order(
    order: str,
    background_tasks: BackgroundTasks,
) -> dict[str, str]:
    background_tasks.add_task(send_receipt, order)
    background_tasks.add_task(notify_partner, order)
    background_tasks.add_task(update_statistics, order)
    return {"order": order}
