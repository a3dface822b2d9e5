"""A bill whose process is killed half-way, and what comes of it once everything runs again."""

from quiz.sandbox.stage.scenario import Stage, Worker

# Mingling with other workers would take a second, and there are none.
ALONE = ("--pool", "solo", "--without-mingle")
WORKERS = {
    "celery": ("celery", "-A", "celery_tasks", "worker", *ALONE),
    "celery_late": ("celery", "-A", "celery_late_tasks", "worker", *ALONE),
    "celery_rabbitmq": ("celery", "-A", "celery_rabbitmq_tasks", "worker", *ALONE),
    "arq": ("arq", "arq_tasks.WorkerSettings"),
    "rq": ("rq", "worker"),
}
RUNS_AGAIN = {"celery_late": 15.0, "celery_rabbitmq": 10.0, "arq": 20.0}
# For the others: so long after the restart nothing has happened.
PATIENCE_SECONDS = 1.0


def play(stage: Stage) -> None:
    worker = start_worker(stage) if stage.variant in WORKERS else None
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an order.")
    stage.post("/orders/lamp")
    stage.until("started", "bill")
    stage.pause(stage.parameters["work_seconds"] / 2)
    stage.step("Kill the process that does the work, with SIGKILL.")
    victim = stage.where("started", "bill")
    stage.kill(victim)
    if worker is None:
        stage.gone(victim)
        stage.step("Start uvicorn again.")
        stage.serve()
    elif victim == worker:
        stage.gone(victim)
        command(stage)
    wait_for_the_end(stage)
    if worker is not None:
        stage.step("Ask for the task's state.")
        stage.fact("state", state(stage), title="The task's state at the end")


def state(stage: Stage) -> str:
    """What the queue says; a result is written a moment after the task has ended."""
    said = ""
    for _ in range(20):
        said = stage.get("/orders/lamp").json()["state"]
        if stage.variant not in RUNS_AGAIN or said not in ("in_progress", "PENDING"):
            break
        stage.pause(0.05)
    return said


def start_worker(stage: Stage) -> Worker:
    stage.step("Start Valkey.")
    stage.broker()
    if stage.variant == "celery_rabbitmq":
        stage.step("Start RabbitMQ, which takes some seconds.")
        stage.rabbitmq()
    return command(stage)


def command(stage: Stage) -> Worker:
    argv = WORKERS[stage.variant]
    stage.step(f"Start a worker: {' '.join(argv)}")
    url = ("--url", stage.redis_url) if stage.variant == "rq" else ()
    return stage.start(*argv, *url)


def wait_for_the_end(stage: Stage) -> None:
    if bound := RUNS_AGAIN.get(stage.variant):
        stage.step("Wait until it is run again.")
        stage.until("succeeded", "bill", seconds=bound)
    else:
        stage.step("Wait whether anybody runs it again.")
        stage.pause(PATIENCE_SECONDS)
