"""A dependency with yield that commits on exit, and a task that knows nothing of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

COMMIT_SECONDS = 0.2
MAIL_SECONDS = 0.3

engine = create_async_engine("sqlite+aiosqlite:///shop.db")


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


async def commit(session: AsyncSession) -> None:
    await asyncio.sleep(COMMIT_SECONDS)  # the way to a database in another town
    await session.commit()


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as session:
        yield session
        await commit(session)


async def send_mail(item: str) -> None:
    await asyncio.sleep(MAIL_SECONDS)


@app.post("/orders/{item}")
async def create_order(
    item: str,
    session: Annotated[AsyncSession, Depends(get_session)],
    background_tasks: BackgroundTasks,
) -> dict[str, str]:
    session.add(Order(item=item))
    background_tasks.add_task(send_mail, item)
    return {"status": "accepted"}
