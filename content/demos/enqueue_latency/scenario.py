"""Orders for an idle worker, and how long after its enqueueing each of their jobs starts."""

import statistics

from quiz.scenario import Stage

WORKERS = {
    "arq": ("arq", "arq_tasks.WorkerSettings"),
    # Mingling with other workers would take a second, and there are none.
    "celery": ("celery", "-A", "celery_tasks", "worker", "-c", "1", "--without-mingle"),
    "rq": ("rq", "worker"),
}
# Of unlike length, so that orders do not come in step with a worker that looks at intervals.
PAUSES = (0.45, 0.15, 0.35, 0.05, 0.25)


def play(stage: Stage) -> None:
    stage.step("Start a broker.")
    broker = stage.broker()
    argv = WORKERS[stage.variant]
    stage.step(f"Start a worker: {' '.join(argv)}")
    url = ("--url", broker.url) if stage.variant == "rq" else ()
    stage.start(*argv, *url)
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step(f"Post {len(PAUSES) + 1} orders, each a while after the last one's job has ended.")
    waits = [wait_of(stage, 1)]
    for number, seconds in enumerate(PAUSES, 2):
        stage.pause(seconds)
        waits.append(wait_of(stage, number))
    median = statistics.median(waits)
    stage.fact("wait_median_ms", median, title="From enqueued to started, the median", unit="ms")
    stage.fact(
        "wait_worst_ms", max(waits), title="From enqueued to started, the longest", unit="ms"
    )


def wait_of(stage: Stage, number: int) -> float:
    """Between the last two such events, in milliseconds.

    0 where a quick worker began before the web side had heard that the job was taken.
    """
    stage.post(f"/orders/{number}")
    stage.until("succeeded", "bill", count=number)
    return max(0.0, 1000 * (stage.when("started", "bill") - stage.when("enqueued", "bill")))
