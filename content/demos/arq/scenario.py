"""A worker of ARQ, and what becomes of the jobs that its web side hands over."""

from quiz.scenario import Stage, Valkey, Worker

WORKERS = {
    "startup": "startup_tasks",
    "no_startup": "no_startup_tasks",
    "printed": "printed_tasks",
    "ten_at_once": "newsletter_tasks",
    "blocking": "blocking_tasks",
    "threaded": "threaded_tasks",
    "pickled": "order_tasks",
    "not_pickled": "order_tasks",
    "job_id": "report_tasks",
    "job_id_forgotten": "forgotten_tasks",
}
# An idle worker looks for jobs twice a second: after that long nobody takes one.
PATIENCE_SECONDS = 1.0


def play(stage: Stage) -> None:
    stage.step("Start a broker.")
    broker = stage.broker()
    if stage.variant != "printed":
        start_worker(stage)
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    match stage.variant:
        case "startup":
            sign_up_twice(stage)
        case "no_startup":
            stage.step("Sign up.")
            stage.post("/signup?email=ada@example.com")
            stage.until("failed", "send_welcome_email")
        case "printed":
            sign_up_without_worker(stage, broker)
        case "ten_at_once":
            stage.step("Send the newsletter, and wait for its last mail.")
            stage.post("/newsletters")
            stage.until("succeeded", "send_to", count=int(stage.parameters["jobs"]), seconds=25)
        case "blocking" | "threaded":
            mail_beside_a_picture(stage)
        case "pickled":
            stage.step("Post an order, and wait for its job.")
            stage.post("/orders/7")
            stage.until("succeeded", "bill")
        case "not_pickled":
            stage.step("Post an order.")
            stage.post("/orders/7")
            stage.settle()
        case _:
            ask_three_times(stage, broker)


def start_worker(stage: Stage, *, ready: bool = True) -> Worker:
    argv = ("arq", f"{WORKERS[stage.variant]}.WorkerSettings")
    stage.step(f"Start a worker: {' '.join(argv)}")
    return stage.start(*argv, ready=ready)


def sign_up_twice(stage: Stage) -> None:
    for number, name in enumerate(("ada", "grace"), 1):
        stage.step(f"Sign up {name}, and wait for the mail.")
        stage.post(f"/signup?email={name}@example.com")
        stage.until("succeeded", "send_welcome_email", count=number)


def sign_up_without_worker(stage: Stage, broker: Valkey) -> None:
    stage.step("Sign up.")
    stage.post("/signup?email=ada@example.com")
    stage.gone(start_worker(stage, ready=False))
    stage.step("Wait whether anybody takes the job.")
    stage.pause(PATIENCE_SECONDS)
    waiting = int(broker.ask("ZCARD", "arq:queue").lstrip(":"))
    stage.fact("waiting", waiting, title="Jobs that wait in Redis at the end", unit="jobs")


def mail_beside_a_picture(stage: Stage) -> None:
    stage.step("Upload a picture.")
    stage.post("/pictures/cat")
    stage.until("started", "shrink")
    stage.step("Ask for a mail while the picture is shrunk, and wait for both.")
    stage.post("/mails/ada")
    stage.until("succeeded", "send_mail", seconds=20)
    stage.until("succeeded", "shrink", seconds=20)


def ask_three_times(stage: Stage, broker: Valkey) -> None:
    stage.step("Ask for the report of March twice.")
    queued = [stage.post("/reports/march").json()["queued"] for _ in range(2)]
    stage.until("succeeded", "make_report")
    # The job's own key goes when all is written that is kept of it.
    for _ in range(200):
        if broker.ask("EXISTS", "arq:job:report-march") == ":0":
            break
        stage.pause(0.01)
    stage.step("Ask for it again, now that it is made.")
    queued.append(stage.post("/reports/march").json()["queued"])
    stage.until("succeeded", "make_report", count=sum(queued))
    stage.fact("queued", sum(queued), title="Times that enqueue_job gave a job", unit="times")
