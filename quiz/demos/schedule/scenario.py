"""Schedulers run for a while; the ticks are counted by the timeline itself."""

import math

from quiz.sandbox.stage.scenario import Stage

WATCHED_SECONDS = 3.5
# Mingling with other workers would take a second, and there are none.
CELERY = ("celery", "-A", "beat_tasks", "worker", "--pool", "solo", "--without-mingle")
PROCESSES = {"one_process": 1, "two_processes": 2, "locked": 2}


def play(stage: Stage) -> None:
    every = stage.parameters.get("every_seconds", 1)
    seconds = WATCHED_SECONDS * every
    if stage.variant == "restarted":
        restart_often(stage, every)
    else:
        start(stage)
        stage.zero()
        stage.step(f"Watch for {seconds:g} s.")
        stage.pause(seconds)
    slots = math.floor(WATCHED_SECONDS)
    stage.fact("expected", slots, title="Slots in the time watched", unit="slots")


def start(stage: Stage) -> None:
    if stage.variant in ("locked", "arq_unique", "arq_each", "beat", "two_beats"):
        stage.step("Start a broker.")
        stage.broker()
    for number in range(PROCESSES.get(stage.variant, 0)):
        stage.step(f"Start web process {number + 1}.")
        stage.serve()
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
            stage.start("celery", "-A", "beat_tasks", "beat", "-s", f"beat-{number}", ready=False)


def restart_often(stage: Stage, every: float) -> None:
    for _ in range(4):
        stage.step("Start the web process.")
        web = stage.serve()
        stage.zero()
        stage.pause(every * 0.75)
        stage.step("Stop it before the interval is over.")
        stage.signal(web)
        stage.gone(web)
