"""Post one item, wait for its background work, read what the middleware's clock said."""

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an item.")
    reply = stage.post("/items", json={"name": "lamp"})
    stage.step("Wait until the request and its background tasks have ended.")
    stage.settle(seconds=10 + sum(stage.parameters.values()))
    logged = (stage.read("times.log") or "").split()
    measured = reply.headers.get("x-process-time") or (logged[-1] if logged else None)
    if measured is not None:
        stage.fact(
            "process_time_ms", float(measured), title="What the middleware measured", unit="ms"
        )
