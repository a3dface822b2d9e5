"""A sign-up whose mail is a task for Celery, and what stands in its way."""

from quiz.scenario import Reply, Stage, Worker

APPS = {"async_task": "async_app", "odd_types": "orders_app"}
# Two tasks in a pool of one process, so that the second finds what the first one left.
CLIENTS = {"kept_client": "kept_client_app", "inside_client": "inside_client_app"}
SUCCEEDS = {
    "prefork": "send_email_task",
    "one_module": "send_email_task",
    "odd_types": "pack",
}
FINAL = ("SUCCESS", "FAILURE")
PINGS = 4


def play(stage: Stage) -> None:
    stage.step("Start a broker.")
    broker = stage.broker()
    if stage.variant.startswith("dead_broker"):
        stage.step("Kill the broker.")
        broker.kill()
        stage.gone(broker)
        sign_up_while_others_ping(stage)
    elif stage.variant == "whole_model":
        sign_up(stage)
        queued = broker.length("celery")
        stage.fact("queued", queued, title="Messages in the queue", unit="messages")
    elif stage.variant in ("without_extra", "beside_arq"):
        sign_up(stage)
        wait_for_its_end(stage, start_worker(stage, "celery_app", ready=False))
    elif stage.variant == "one_module":
        wait_for_its_end(stage, start_worker(stage, "one_module", ready=False))
        start_worker(stage, "one_module:celery")
        ask_for_the_result(stage, sign_up(stage))
    elif app := CLIENTS.get(stage.variant):
        start_worker(stage, app, processes=1)
        ask_for_the_result(stage, sign_up(stage))
        stage.step("Sign up a second time.")
        ask_for_the_result(stage, stage.post("/signup"))
    else:
        start_worker(stage, APPS.get(stage.variant, "celery_app"))
        ask_for_the_result(stage, sign_up(stage))


def start_worker(stage: Stage, app: str, *, processes: int = 2, ready: bool = True) -> Worker:
    # --without-mingle skips one second of start-up in which a worker greets other workers.
    pool = ("-c", str(processes), "--without-mingle")
    argv = ("celery", "-A", app, "worker", "--loglevel=info", *pool)
    stage.step(f"Start a worker: {' '.join(argv)}")
    return stage.start(*argv, ready=ready)


def wait_for_its_end(stage: Stage, worker: Worker) -> None:
    stage.step("Wait whether the worker ends.")
    ended = stage.gone(worker, seconds=5)
    stage.fact("worker_ended", ended, title="The worker ended by itself")


def sign_up(stage: Stage) -> Reply:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    if stage.variant == "odd_types":
        stage.step("Post an order.")
        return stage.post("/orders")
    stage.step("Sign up.")
    return stage.post("/signup", json={"email": "ada@example.com"})


def ask_for_the_result(stage: Stage, reply: Reply) -> None:
    if name := SUCCEEDS.get(stage.variant):
        stage.step("Wait until the task has run.")
        stage.until("succeeded", name)
    stage.step("Ask for the task's state until it is final.")
    for _ in range(100):
        said = stage.get(f"/task?id={reply.json()['task']}").json()
        stage.fact("state", said["state"], title="The task's state at the end")
        stage.fact("result", said["result"], title="Its result")
        if said["state"] in FINAL:
            break
        stage.pause(0.05)


def sign_up_while_others_ping(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Sign up; others ask for /ping meanwhile.")
    signing_up = stage.send("POST", "/signup", json={"email": "ada@example.com"})
    stage.until("started", "signup")
    pings = []
    for _ in range(PINGS):
        pings.append(stage.send("GET", "/ping"))
        # The first retry follows at once, each further one a second later.
        stage.pause((stage.parameters["connection_retries"] - 1) / PINGS)
    for pending in (signing_up, *pings):
        pending.reply()
