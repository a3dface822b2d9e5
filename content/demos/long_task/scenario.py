"""One client asks for an export; another asks for /ping, again and again, until it is made."""

import statistics

from quiz.scenario import Stage

PINGS = 30


def play(stage: Stage) -> None:
    if stage.variant == "worker":
        stage.step("Start a broker.")
        broker = stage.broker()
        stage.step("Start a worker: rq worker")
        stage.start("rq", "worker", "--url", broker.url)
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    seconds = stage.parameters["work_seconds"]
    stage.step("Ask for an export; another client asks for /ping until it is made.")
    stage.post("/exports")
    asking = stage.keep_asking("/ping", "ping_ms", every=seconds / PINGS)
    stage.until("succeeded", "export", seconds=10 + 3 * seconds)
    answers = asking.stop()
    stage.fact("pings", len(answers), title="Pings answered meanwhile", unit="pings")
    stage.fact("ping_median_ms", statistics.median(answers), title="A ping, the median", unit="ms")
    stage.fact("ping_worst_ms", max(answers), title="A ping, the longest", unit="ms")
