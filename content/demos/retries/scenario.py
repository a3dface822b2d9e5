"""One order whose task fails at first, followed until it succeeds or nobody tries again."""

from quiz.scenario import Stage

# --without-mingle skips one second of start-up in which a worker greets other workers.
PREFORK = ("--concurrency", "1", "--without-mingle")
WORKERS = {
    "celery": ("celery", "-A", "celery_tasks", "worker", *PREFORK),
    "celery_default": ("celery", "-A", "celery_default_tasks", "worker", *PREFORK),
    "arq": ("arq", "arq_tasks.WorkerSettings"),
    "arq_default": ("arq", "arq_default_tasks.WorkerSettings"),
    "rq": ("rq", "worker", "--with-scheduler"),
    "rq_default": ("rq", "worker"),
}
# So long after a failure nobody has tried again: longer than any wait between two tries here.
PATIENCE_SECONDS = 0.5


def play(stage: Stage) -> None:
    if stage.variant in WORKERS:
        stage.step("Start a broker.")
        broker = stage.broker()
        argv = WORKERS[stage.variant]
        stage.step(f"Start a worker: {' '.join(argv)}")
        url = ("--url", broker.url) if stage.variant.startswith("rq") else ()
        stage.start(*argv, *url)
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an order.")
    stage.post("/orders/lamp")
    tries = 1
    if "default" not in stage.variant and stage.variant in WORKERS:
        tries += int(stage.parameters["refusals"])
        stage.step(f"Wait for try {tries}.")
        stage.until("succeeded", "send_order", seconds=25)
    else:
        stage.step("Wait for the first try, and whether there is a second.")
        stage.until("failed", "send_order", seconds=10)
        stage.pause(PATIENCE_SECONDS)
