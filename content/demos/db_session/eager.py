"""The task opens an async session of its own, and loads the customer with the order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import joinedload

from models import Base, Customer, Order

MAIL_SECONDS = 0.3

engine = create_async_engine("sqlite+aiosqlite:///shop.db")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine) as session:
        session.add(Customer(id=1, email="ada@example.org"))
        await session.commit()
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as session:
        yield session


async def send_mail(address: str) -> None:
    await asyncio.sleep(MAIL_SECONDS)


async def confirm(order_id: int) -> None:
    async with AsyncSession(engine) as session:
        order = await session.get_one(Order, order_id, options=[joinedload(Order.customer)])
        await send_mail(order.customer.email)


@app.post("/orders/{item}")
async def create_order(
    item: str,
    session: Annotated[AsyncSession, Depends(get_session)],
    background_tasks: BackgroundTasks,
) -> dict[str, int]:
    order = Order(item=item, customer_id=1)
    session.add(order)
    await session.commit()
    await session.refresh(order)
    background_tasks.add_task(confirm, order.id)
    return {"id": order.id}
