"""One order and its background task; where a pool has one connection, a second client as well."""

import sqlite3
from contextlib import closing

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    if stage.variant.startswith("pool"):
        visit_twice(stage)
    else:
        stage.step("Post an order.")
        stage.post("/orders/lamp")
    stage.step("Wait until the requests and their background tasks have ended.")
    stage.settle(seconds=10 + sum(stage.parameters.values()))
    if stage.variant.startswith("id"):
        stage.step("Count the rows in the database.")
        stage.fact("rows_saved", count_rows("shop.db"), title="Orders in the database", unit="rows")


def visit_twice(stage: Stage) -> None:
    stage.step("Ask for an item.")
    stage.get("/items/1")
    stage.until("started", "count_visit")
    stage.step("While its background task runs, another client asks for it.")
    stage.get("/items/1")


def count_rows(database: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM orders").fetchone()[0])
