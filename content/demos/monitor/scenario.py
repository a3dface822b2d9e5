"""Three reports, and what can be asked about them while the second is being made."""

import json
from collections import defaultdict
from collections.abc import Callable
from urllib.request import urlopen

from quiz.scenario import Stage, Web

MONTHS = ("march", "april", "may")
# Mingling with other workers would take a second, and there are none.
CELERY = ("celery", "-A", "celery_tasks", "worker", "-E", "-c", "1", "--without-mingle")
WORKERS = {
    "celery": CELERY,
    "rq": ("rq", "worker"),
    "arq": ("arq", "arq_tasks.WorkerSettings"),
}
PATIENCE_SECONDS = 10.0
ASK_AGAIN_SECONDS = 0.1
Told = dict[str, list[str]]


def play(stage: Stage) -> None:
    ask = start(stage)
    stage.step("Ask for the reports of three months.")
    for month in MONTHS:
        stage.post(f"/reports/{month}")
    wait_for_the_second(stage)
    stage.step("Ask what is known while the second report is being made.")
    stage.fact("meanwhile", written(ask()), title="Told while the second is made")
    stage.step("Wait until the last has failed, and ask again.")
    stage.until("failed", "make_report", seconds=60)
    told = until_it_is_told(stage, ask)
    stage.fact("at_the_end", written(told), title="Told at the end")
    failed = failures(told)
    stage.fact("failures_told", failed, title="Failed reports that it tells of", unit="reports")


def start(stage: Stage) -> Callable[[], Told]:
    """All that runs; returns how to ask about it."""
    if argv := WORKERS.get(stage.variant):
        stage.step("Start a broker.")
        broker = stage.broker()
        url = ("--url", broker.url) if stage.variant == "rq" else ()
        stage.step(f"Start a worker: {' '.join(argv)}")
        stage.start(*argv, *url)
    flower = start_flower(stage) if stage.variant == "celery" else None
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    return lambda: ask_flower(stage, flower) if flower else stage.get("/reports").json()


def start_flower(stage: Stage) -> Web:
    # Its API refuses who has not logged in, unless it is told otherwise.
    stage.environ(FLOWER_UNAUTHENTICATED_API="true")
    argv = ("celery", "-A", "celery_tasks", "flower", "--address=127.0.0.1", "--port={port}")
    stage.step("Start Flower: celery -A celery_tasks flower")
    flower = stage.pages("Flower", *argv)
    # It knows of tasks only from the moment at which it hears the worker's events.
    for _ in range(round(PATIENCE_SECONDS / ASK_AGAIN_SECONDS)):
        with urlopen(f"http://127.0.0.1:{flower.port}/api/workers?status=1") as answer:
            if json.load(answer):
                break
        stage.pause(ASK_AGAIN_SECONDS)
    return flower


def ask_flower(stage: Stage, flower: Web) -> Told:
    told: Told = defaultdict(list)
    answer = stage.get("/api/tasks", connection=stage.connect(flower))
    for task in answer.json().values():
        told[task["state"]].append(task["args"].strip("(',)"))
    return told


def wait_for_the_second(stage: Stage) -> None:
    if stage.variant == "background_tasks":
        # Each response has a list of its own, so all three run at once.
        stage.until("started", "make_report", count=len(MONTHS))
    else:
        stage.until("started", "make_report", count=2, seconds=60)
    stage.pause(stage.parameters["report_seconds"] / 2)


def until_it_is_told(stage: Stage, ask: Callable[[], Told]) -> Told:
    """A failure is written, and told on, a moment after it happened."""
    for _ in range(round(PATIENCE_SECONDS / ASK_AGAIN_SECONDS)):
        told = ask()
        if failures(told) or stage.variant == "background_tasks":
            break
        stage.pause(ASK_AGAIN_SECONDS)
    return told


def failures(told: Told) -> int:
    return sum(len(names) for state, names in told.items() if state in ("FAILURE", "failed"))


def written(told: Told) -> str:
    return "; ".join(f"{state}: {', '.join(names) or '-'}" for state, names in told.items())
