"""Three coroutines gathered in one task; the second raises while the others still wait."""

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


async def all_at_once(order: str) -> None:
    await asyncio.gather(
        send_receipt(order),
        notify_partner(order),
        update_statistics(order),
    )


@app.post("/orders/{order}")
async def create_order(order: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(all_at_once, order)
    return {"order": order}
