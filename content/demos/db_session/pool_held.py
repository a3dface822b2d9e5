"""A pool of one connection, and a dependency that encloses the background task."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

VISIT_SECONDS = 1.5
# Defaults: 5 connections, 10 more when needed, 30 s.
POOL_SIZE = 1
POOL_TIMEOUT_SECONDS = 0.5

engine = create_async_engine(
    "sqlite+aiosqlite:///shop.db",
    pool_size=POOL_SIZE,
    max_overflow=0,
    pool_timeout=POOL_TIMEOUT_SECONDS,
)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add(Item(id=1, name="lamp"))
        await session.commit()
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as session:
        yield session


async def count_visit(item_id: int) -> None:
    await asyncio.sleep(VISIT_SECONDS)


@app.get("/items/{item_id}")
async def read_item(
    item_id: int,
    session: Annotated[AsyncSession, Depends(get_session)],
    background_tasks: BackgroundTasks,
) -> dict[str, str]:
    item = await session.get_one(Item, item_id)
    background_tasks.add_task(count_visit, item_id)
    return {"name": item.name}
