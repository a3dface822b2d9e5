"""A worker of RQ, and what becomes of the jobs that its web side hands over."""

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start a broker.")
    stage.broker()
    for _ in range(2 if stage.variant == "two_workers" else 1):
        start_worker(stage)
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    match stage.variant:
        case "work_horse" | "simple_worker":
            sign_up_twice(stage)
        case "async_def":
            stage.step("Ask for two feeds, and wait for both.")
            stage.post("/feeds/news")
            stage.post("/feeds/weather")
            stage.until("succeeded", "fetch", count=2, seconds=20)
        case "one_worker" | "two_workers":
            stage.step("Upload a picture.")
            stage.post("/pictures/cat")
            stage.until("started", "shrink")
            stage.step("Ask for a mail while the picture is shrunk, and wait for both.")
            stage.post("/mails/ada")
            stage.until("succeeded", "send_mail", seconds=20)
            stage.until("succeeded", "shrink", seconds=20)
        case _:
            ask_twice(stage)


def start_worker(stage: Stage) -> None:
    argv = ["rq", "worker"]
    if stage.variant == "simple_worker":
        argv += ["--worker-class", "rq.SimpleWorker"]
    stage.step(f"Start a worker: {' '.join(argv)}")
    stage.start(*argv, "--url", stage.redis_url)


def sign_up_twice(stage: Stage) -> None:
    for number, name in enumerate(("ada", "grace"), 1):
        stage.step(f"Sign up {name}, and wait for the mail.")
        stage.post(f"/signup?email={name}@example.com")
        stage.until("succeeded", "send_welcome_email", count=number)


def ask_twice(stage: Stage) -> None:
    stage.step("Ask for the report of March twice, and wait for all that was queued.")
    queued = [stage.post("/reports/march").json()["queued"] for _ in range(2)]
    stage.until("succeeded", "make_report", count=sum(queued))
    stage.fact("queued", sum(queued), title="Times that enqueue gave a job", unit="times")
