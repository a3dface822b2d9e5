"""One order whose background work fails, played to the end of everything it started."""

import sqlite3
from contextlib import closing

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    bound = 10 + sum(stage.parameters.values())
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an order.")
    stage.post("/orders/lamp")
    stage.step("Wait until the request and its background tasks have ended.")
    stage.settle(seconds=bound)
    if stage.variant == "gathered":
        stage.step("Wait for what the failed gather left behind.")
        stage.until("succeeded", "send_receipt", seconds=bound)
        stage.until("succeeded", "update_statistics", seconds=bound)
    if stage.variant in ("dependency_commit", "function_scope"):
        stage.step("Count the rows in the database.")
        stage.fact("rows_saved", count_rows("orders.db"), title="Rows in the database", unit="rows")


def count_rows(database: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM orders").fetchone()[0])
