"""One task gathers two queries, and both use one session."""

import asyncio

from fastapi import BackgroundTasks, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

COUNT = "SELECT count(*) FROM sqlite_master WHERE type ="

engine = create_async_engine("sqlite+aiosqlite:///shop.db")
app = FastAPI()


async def count_tables(session: AsyncSession) -> int:
    return int(await session.scalar(text(f"{COUNT} 'table'")) or 0)


async def count_indexes(session: AsyncSession) -> int:
    return int(await session.scalar(text(f"{COUNT} 'index'")) or 0)


async def both_counts() -> None:
    async with AsyncSession(engine) as session:
        await asyncio.gather(count_tables(session), count_indexes(session))


@app.post("/orders/{item}")
async def create_order(item: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(both_counts)
    return {"status": "accepted"}
