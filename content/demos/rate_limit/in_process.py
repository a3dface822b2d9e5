"""BackgroundTasks: one call after the other, as fast as the partner answers."""

import logging
import os

import httpx
from fastapi import BackgroundTasks, FastAPI

partner = httpx.Client(base_url=os.environ["PARTNER_URL"])
app = FastAPI()


def charge(order: int) -> None:
    if partner.post("/charges").status_code == 429:
        logging.warning("Order %s was refused", order)


@app.post("/payday")
async def charge_all(background_tasks: BackgroundTasks) -> dict[str, int]:
    orders = range(20)
    for order in orders:
        background_tasks.add_task(charge, order)
    return {"orders": len(orders)}
