"""A task raises while the next request on its connection is being answered."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

PARTNER_SECONDS = 0.2
STATISTICS_SECONDS = 0.6

app = FastAPI()


async def notify_partner(order: str) -> None:
    await asyncio.sleep(PARTNER_SECONDS)
    raise ValueError(f"the partner does not know order {order}")


@app.post("/orders/{order}")
async def create_order(order: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(notify_partner, order)
    return {"order": order}


@app.get("/statistics")
async def read_statistics() -> dict[str, int]:
    await asyncio.sleep(STATISTICS_SECONDS)
    return {"orders": 1}
