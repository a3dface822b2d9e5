"""Three tasks, and only the first is handed the catalogue."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

from catalogue import Catalogue

STEP_SECONDS = 0.6

app = FastAPI()


async def update_prices(catalogue: Catalogue) -> None:
    await asyncio.sleep(STEP_SECONDS)


async def notify_partners() -> None:
    await asyncio.sleep(STEP_SECONDS)


async def write_log(name: str) -> None:
    await asyncio.sleep(STEP_SECONDS)


@app.post("/items/{name}")
async def create_item(
    name: str,
    background_tasks: BackgroundTasks,
) -> dict[str, int]:
    catalogue = Catalogue()
    background_tasks.add_task(update_prices, catalogue)
    background_tasks.add_task(notify_partners)
    background_tasks.add_task(write_log, name)
    return {"items": len(catalogue.items)}
