"""The same endpoints. Each opens and closes its session in one turn on a thread."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
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


@app.get("/items/{item_id}")
def read_item(item_id: int) -> dict[str, str]:
    with Session(engine) as session:
        item = session.get_one(Item, item_id)
        time.sleep(READ_SECONDS)
        name = item.name
    return {"name": name}
