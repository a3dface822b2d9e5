"""Jobs are queued, the broker dies and comes back, and what it kept is counted."""

from quiz.scenario import Broker, Stage

RABBITMQ = ("unconfirmed", "confirmed")


def play(stage: Stage) -> None:
    broker = start_broker(stage)
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post the orders.")
    posted = stage.send("POST", "/orders")
    stage.until("enqueued", "send", count=int(stage.parameters["orders"]))
    stage.step("Kill the broker, with SIGKILL.")
    broker.kill()
    posted.reply()
    stage.gone(broker)
    stage.step("Start it again, on the same port and folder.")
    broker.start()
    left = stage.get("/orders").json()["left"]
    stage.fact("left", left, title="Jobs left in the queue", unit="jobs")


def start_broker(stage: Stage) -> Broker:
    if stage.variant in RABBITMQ:
        stage.step("Start RabbitMQ, which takes some seconds.")
        return stage.rabbitmq()
    kept = stage.variant == "append_only"
    stage.step(f"Start Valkey {'with' if kept else 'without'} an append-only file.")
    return stage.broker(append_only=kept)
