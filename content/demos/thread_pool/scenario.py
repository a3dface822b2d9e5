"""Eight requests at once; while their tasks fill the pool, ask a def and an async def endpoint."""

import time

from quiz.scenario import Stage

REQUESTS = 8


def play(stage: Stage) -> None:
    tokens = int(stage.parameters["tokens"])
    bound = 10 + stage.parameters["report_seconds"] * REQUESTS / tokens
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step(f"Send {REQUESTS} requests at once; each adds one task.")
    for pending in [stage.send("POST", "/reports") for _ in range(REQUESTS)]:
        pending.reply()
    stage.until("started", "write_report", count=min(tokens, REQUESTS), seconds=bound)
    stage.step("Ask a def endpoint and an async def endpoint meanwhile.")
    asked = time.monotonic()
    sync_ping = stage.send("GET", "/sync")
    stage.get("/async")
    stage.fact("async_ms", since(asked), title="The async def endpoint waited", unit="ms")
    sync_ping.reply()
    stage.fact("sync_ms", since(asked), title="The def endpoint waited", unit="ms")
    stage.step("Wait until every background task has ended.")
    stage.settle(seconds=bound)


def since(asked: float) -> float:
    return (time.monotonic() - asked) * 1000
