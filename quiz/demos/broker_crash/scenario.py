"""Jobs are queued, the broker dies and comes back, and what it kept is counted."""

from quiz.sandbox.stage.scenario import Stage

QUEUE = "rq:queue:default"


def play(stage: Stage) -> None:
    kept = stage.variant == "append_only"
    stage.step(f"Start Valkey {'with' if kept else 'without'} an append-only file.")
    broker = stage.broker(append_only=kept)
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post the orders.")
    stage.post("/orders")
    stage.step("Kill Valkey, with SIGKILL.")
    broker.kill()
    stage.until("killed", "valkey")
    stage.step("Start Valkey again, on the same port and folder.")
    broker.start()
    stage.fact("left", broker.length(QUEUE), title="Jobs left in the queue", unit="jobs")
