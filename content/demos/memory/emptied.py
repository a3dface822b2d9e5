"""The task is handed the whole catalogue, and empties it when it needs it no more."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

from catalogue import Catalogue

STEP_SECONDS = 0.6

app = FastAPI()


async def update_prices(catalogue: Catalogue) -> None:
    await asyncio.sleep(STEP_SECONDS)


async def notify_partners() -> None:
    await asyncio.sleep(STEP_SECONDS)


async def process_items(catalogue: Catalogue) -> None:
    await update_prices(catalogue)
    catalogue.items.clear()
    await notify_partners()


@app.post("/items/{name}")
async def create_item(
    name: str,
    background_tasks: BackgroundTasks,
) -> dict[str, int]:
    catalogue = Catalogue()
    background_tasks.add_task(process_items, catalogue)
    return {"items": len(catalogue.items)}
