"""The same, but the session is closed when the handler has returned."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from models import Base, Customer, Order

MAIL_SECONDS = 0.3

engine = create_engine("sqlite:///shop.db")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Customer(id=1, email="ada@example.org"))
        session.commit()
    yield
    engine.dispose()


app = FastAPI(lifespan=lifespan)


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def send_mail(address: str) -> None:
    time.sleep(MAIL_SECONDS)


def confirm(order: Order) -> None:
    send_mail(order.customer.email)


@app.post("/orders/{item}")
def create_order(
    item: str,
    session: Annotated[Session, Depends(get_session, scope="function")],
    background_tasks: BackgroundTasks,
) -> dict[str, int]:
    order = Order(item=item, customer_id=1)
    session.add(order)
    session.commit()
    background_tasks.add_task(confirm, order)
    return {"id": order.id}
