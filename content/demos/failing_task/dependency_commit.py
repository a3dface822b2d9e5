"""A session that commits when its dependency exits, and a task that raises."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PARTNER_SECONDS = 0.2

engine = create_async_engine("sqlite+aiosqlite:///orders.db")


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


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as session:
        try:
            yield session
        except Exception:
            await session.rollback()
            raise
        await session.commit()


async def notify_partner(order_id: int) -> None:
    await asyncio.sleep(PARTNER_SECONDS)
    raise ValueError(f"the partner does not know order {order_id}")


@app.post("/orders/{item}")
async def create_order(
    item: str,
    session: Annotated[AsyncSession, Depends(get_session)],
    background_tasks: BackgroundTasks,
) -> dict[str, int]:
    order = Order(item=item)
    session.add(order)
    await session.flush()
    background_tasks.add_task(notify_partner, order.id)
    return {"saved": order.id}
