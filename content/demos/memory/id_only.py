"""The handler reads the catalogue too, but the task is handed an id."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

from catalogue import Catalogue

STEP_SECONDS = 0.6

app = FastAPI()


async def update_prices(item_id: int) -> None:
    await asyncio.sleep(STEP_SECONDS)


async def notify_partners() -> None:
    await asyncio.sleep(STEP_SECONDS)


async def process_item(item_id: int) -> None:
    await update_prices(item_id)
    await notify_partners()


@app.post("/items/{name}")
async def create_item(
    name: str,
    background_tasks: BackgroundTasks,
) -> dict[str, int]:
    catalogue = Catalogue()
    item_id = len(catalogue.items)
    background_tasks.add_task(process_item, item_id)
    return {"items": item_id}
