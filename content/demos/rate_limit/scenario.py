"""Twenty calls to a partner that refuses what is too much, one for each order."""

from quiz.scenario import Stage

ORDERS = 20
# Mingling with other workers would take a second, and nothing is exchanged there.
CELERY = ("celery", "-A", "celery_tasks", "worker", "-c", "1", "--without-mingle")
WORKERS: dict[str, list[tuple[str, ...]]] = {
    "celery": [CELERY],
    "celery_two": [(*CELERY, "-n", "one@%h"), (*CELERY, "-n", "two@%h")],
    "arq": [("arq", "arq_tasks.WorkerSettings")],
}


def play(stage: Stage) -> None:
    stage.step("Start the partner's API.")
    partner = stage.serve("partner:app")
    stage.environ(PARTNER_URL=f"http://127.0.0.1:{partner.port}")
    if stage.variant in WORKERS:
        stage.step("Start a broker.")
        stage.broker()
    for argv in WORKERS.get(stage.variant, ()):
        stage.step(f"Start a worker: {' '.join(argv)}")
        stage.start(*argv)
    stage.step("Start uvicorn with one worker.")
    web = stage.serve()
    stage.step("Ask to charge twenty orders.")
    stage.post("/payday", connection=stage.connect(web))
    stage.step("Wait for the last call.")
    stage.until("succeeded", "charge", count=ORDERS, seconds=40)
    stage.step("Ask the partner what it has counted.")
    told = stage.get("/charges", connection=stage.connect(partner)).json()
    stage.fact("refused", told["refused"], title="Calls refused", unit="calls")
    rate = (told["calls"] - 1) / told["seconds"]
    stage.fact("rate", round(rate, 1), title="Calls a second", unit="calls/s")
