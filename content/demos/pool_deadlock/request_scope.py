"""Twelve def endpoints share four threads and two database connections."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

import anyio.to_thread
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

THREADS = 4  # default 40
POOL_SIZE = 2  # default 5, and 10 more when needed
POOL_TIMEOUT_SECONDS = 0.5  # default 30
READ_SECONDS = 0.05

engine = create_engine(
    "sqlite:///shop.db",
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
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Item(id=1, name="lamp"))
        session.commit()
    yield
    engine.dispose()


app = FastAPI(lifespan=lifespan)


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@app.get("/items/{item_id}")
def read_item(item_id: int, session: Annotated[Session, Depends(get_session)]) -> dict[str, str]:
    item = session.get_one(Item, item_id)
    time.sleep(READ_SECONDS)
    # FastAPI validates this result in another turn on the threads. Until then the session
    # keeps its connection.
    return {"name": item.name}
