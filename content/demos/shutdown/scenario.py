"""SIGTERM a little after a task began, and what becomes of it."""

from quiz.scenario import Stage, Web, Worker

# --without-mingle skips one second of start-up in which a worker greets other workers.
PREFORK = ("--concurrency", "1", "--without-mingle")
WORKERS = {
    "arq": ("arq", "arq_tasks.WorkerSettings"),
    "celery": ("celery", "-A", "celery_tasks", "worker", *PREFORK),
}
BEGUN_SECONDS = 0.2


def play(stage: Stage) -> None:
    bound = 10 + 2 * stage.parameters["work_seconds"]
    worker = start_worker(stage) if stage.variant in WORKERS else None
    web = serve(stage)
    stage.step("Ask for an export.")
    stage.post("/exports/march")
    stage.until("started", "export")
    stage.pause(BEGUN_SECONDS)
    who: Web | Worker = worker or web
    main = "the worker's main process" if stage.variant == "celery" else "the process that works"
    stage.step(f"Send SIGTERM to {main}.")
    stage.signal(who)
    stage.gone(who, seconds=bound)
    if stage.variant == "arq":
        start_worker(stage)
        stage.step("Wait until the job has ended.")
        stage.until("succeeded", "export", seconds=bound)


def start_worker(stage: Stage) -> Worker:
    if not stage.redis_url:
        stage.step("Start a broker.")
        stage.broker()
    argv = WORKERS[stage.variant]
    stage.step(f"Start a worker: {' '.join(argv)}")
    return stage.start(*argv)


def serve(stage: Stage) -> Web:
    if stage.variant != "uvicorn_timeout":
        stage.step("Start uvicorn with one worker.")
        return stage.serve()
    seconds = stage.parameters["work_seconds"] / 2
    stage.step(f"Start uvicorn with timeout_graceful_shutdown={seconds:g}.")
    return stage.serve(timeout_graceful_shutdown=seconds)
