"""A bill whose process is killed in the middle of the task, and what happens to the bill then."""

from quiz.scenario import Stage, Worker

# --without-mingle skips one second of start-up in which a worker greets other workers.
PREFORK = ("--concurrency", "1", "--without-mingle")
MODULES = {
    "celery": "celery_tasks",
    "celery_child": "celery_tasks",
    "celery_parent": "celery_tasks",
    "celery_late": "celery_late_tasks",
    "celery_late_child": "celery_late_child_tasks",
    "celery_reject_child": "celery_reject_child_tasks",
    "celery_rabbitmq": "celery_rabbitmq_tasks",
}
WORKERS = {
    **{v: ("celery", "-A", module, "worker", *PREFORK) for v, module in MODULES.items()},
    "arq": ("arq", "arq_tasks.WorkerSettings"),
    "rq": ("rq", "worker"),
}
# The pool process that runs the task is killed; the worker's main process stays.
CHILD = {"celery_child", "celery_late_child", "celery_reject_child", "rq"}
# Celery's main process notices at once or in its next round, up to 5 s later.
NOTICED_SECONDS = 15.0
RUNS_AGAIN = {
    "celery_late": 15.0,
    "celery_reject_child": NOTICED_SECONDS,
    "celery_rabbitmq": 10.0,
    "arq": 20.0,
}
# Long enough to see that nothing runs the task again.
PATIENCE_SECONDS = 1.0


def play(stage: Stage) -> None:
    worker = start_worker(stage) if stage.variant in WORKERS else None
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an order.")
    stage.post("/orders/lamp")
    stage.until("started", "bill")
    stage.pause(stage.parameters["work_seconds"] / 2)
    kill(stage, worker)
    wait_for_the_end(stage)
    if worker is not None:
        stage.step("Ask for the task's state.")
        stage.fact("state", state(stage), title="The task's state at the end")


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


def kill(stage: Stage, worker: Worker | None) -> None:
    works = stage.where("started", "bill")
    if worker is None:
        stage.step("Kill the web process with SIGKILL.")
        stage.kill(works)
        stage.gone(works)
        stage.step("Start uvicorn again.")
        stage.serve()
    elif stage.variant in CHILD:
        stage.step("Kill the process that runs the task with SIGKILL; its parent stays.")
        stage.kill(works)
    else:
        kill_worker(stage, worker, works)
        command(stage)


def kill_worker(stage: Stage, worker: Worker, works: Worker) -> None:
    """The main process first: it must not notice that its pool process has died."""
    stage.step("Kill the worker with SIGKILL.")
    stage.kill(worker)
    if stage.variant != "celery_parent" and works != worker:
        stage.kill(works)
    stage.gone(worker)
    stage.gone(works)


def wait_for_the_end(stage: Stage) -> None:
    if bound := RUNS_AGAIN.get(stage.variant):
        stage.step("Wait until it is run again.")
        stage.until("succeeded", "bill", seconds=bound)
        return
    if stage.variant in ("celery_child", "celery_late_child"):
        stage.step("Wait until the worker's main process notices.")
        stage.until("lost", "bill", seconds=NOTICED_SECONDS)
    stage.step("Wait to see whether anything runs it again.")
    stage.pause(PATIENCE_SECONDS)


def state(stage: Stage) -> str:
    """The queue's answer. A result is written a moment after the task has ended."""
    said = ""
    for _ in range(20):
        said = stage.get("/orders/lamp").json()["state"]
        if stage.variant not in RUNS_AGAIN or said not in ("in_progress", "PENDING"):
            break
        stage.pause(0.05)
    return said
