"""Twelve requests at once for endpoints that each need a thread and a connection."""

from quiz.scenario import Stage

REQUESTS = 12


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step(f"Send {REQUESTS} requests at once.")
    replies = [one.reply() for one in [stage.send("GET", "/items/1") for _ in range(REQUESTS)]]
    failed = sum(reply.status == 500 for reply in replies)
    stage.fact("failed", failed, title="Requests with status 500", unit="requests")
    stage.settle()
