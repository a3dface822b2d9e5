"""Schedulers run for a while; the ticks are counted by the timeline itself."""

import math

from quiz.scenario import Stage

WATCHED_SECONDS = 3.5
# --without-mingle skips one second of start-up in which a worker greets other workers.
CELERY = ("celery", "-A", "beat_tasks", "worker", "--concurrency", "1", "--without-mingle")
UVICORN = ("uvicorn", "interval:app", "--workers", "3", "--port", "0")
PROCESSES = {
    "one_process": 1,
    **dict.fromkeys(("two_processes", "locked", "shared_store", "shared_id"), 2),
}
BROKER = {"locked", "arq_unique", "arq_each", "arq_printed", "beat", "two_beats"}
TOKEN = "known to cron and to the app"


def play(stage: Stage) -> None:
    every = stage.parameters.get("every_seconds", 1)
    seconds = WATCHED_SECONDS * every
    if stage.variant == "restarted":
        restart_often(stage, every)
    else:
        start(stage)
        if stage.variant == "external":
            ask_with_a_wrong_token(stage)
        else:
            stage.zero()
        stage.step(f"Watch for {seconds:g} s.")
        stage.pause(seconds)
        if stage.variant == "external":
            stage.settle()
    slots = math.floor(WATCHED_SECONDS)
    stage.fact("expected", slots, title="Slots in the time watched", unit="slots")


def start(stage: Stage) -> None:
    if stage.variant in BROKER:
        stage.step("Start a broker.")
        stage.broker()
    for number in range(PROCESSES.get(stage.variant, 0)):
        stage.step(f"Start web process {number + 1}.")
        stage.serve()
    if stage.variant == "three_workers":
        stage.step(f"Start the web app: {' '.join(UVICORN)}")
        stage.start(*UVICORN, ready=False)
        stage.until("started", "lifespan", count=3, seconds=30)
    if stage.variant.startswith("arq"):
        for number in range(3):
            stage.step(f"Start worker {number + 1}: arq {stage.variant}.WorkerSettings")
            stage.start("arq", f"{stage.variant}.WorkerSettings")
    if "beat" in stage.variant:
        stage.step(f"Start a worker: {' '.join(CELERY)}")
        stage.start(*CELERY)
        for number in range(2 if stage.variant == "two_beats" else 1):
            stage.step(f"Start Beat {number + 1}: celery -A beat_tasks beat")
            # Each with a file of its own for what it has sent.
            stage.start("celery", "-A", "beat_tasks", "beat", "-s", f"beat-{number}")
    if stage.variant == "external":
        start_external(stage)


def start_external(stage: Stage) -> None:
    stage.environ(CLEANUP_TOKEN=TOKEN)
    stage.step("Start two web processes.")
    webs = [stage.serve() for _ in range(2)]
    stage.environ(WEB_PROCESSES=" ".join(f"http://127.0.0.1:{web.port}" for web in webs))
    stage.step("Start a balancer before them.")
    balancer = stage.serve("balancer:app")
    stage.environ(CLEANUP_URL=f"http://127.0.0.1:{balancer.port}/internal/cleanup")
    stage.step("Start the scheduler: python cron.py")
    stage.start("python", "cron.py", ready=False)
    stage.until("started", "ask_for_cleanup", seconds=20)


def ask_with_a_wrong_token(stage: Stage) -> None:
    stage.step("Ask one of the web processes with a wrong token.")
    reply = stage.post("/internal/cleanup", headers={"Authorization": "Bearer guessed"})
    stage.fact("refused", reply.status, title="Status for a wrong token")


def restart_often(stage: Stage, every: float) -> None:
    for _ in range(4):
        stage.step("Start the web process.")
        web = stage.serve()
        stage.zero()
        stage.pause(every * 0.4)
        stage.step("Stop it before the interval is over.")
        stage.signal(web)
        stage.gone(web)
