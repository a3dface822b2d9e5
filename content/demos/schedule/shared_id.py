"""The job stands once in the shared database, under an id of its own; two schedulers look there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

EVERY_SECONDS = 1


async def cleanup() -> None:
    await asyncio.sleep(0.05)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    store = SQLAlchemyJobStore("sqlite:///jobs.db")
    scheduler = AsyncIOScheduler(jobstores={"default": store})
    scheduler.add_job(
        cleanup, "interval", seconds=EVERY_SECONDS, id="cleanup", replace_existing=True
    )
    scheduler.start()
    yield
    scheduler.shutdown()


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def health() -> dict[str, str]:
    return {"status": "up"}
