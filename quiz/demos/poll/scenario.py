"""A client that asks for a report and then for its state, until it is told an end."""

from quiz.sandbox.stage.client import Reply
from quiz.sandbox.stage.scenario import Stage

POLL_SECONDS = 0.3
GOES_ON = {"queued", "deferred", "in_progress", "pending"}
WORKERS = {
    "printed": "worker",
    "right": "worker",
    "failed": "failing_worker",
    "failed_raw": "failing_worker",
}


def play(stage: Stage) -> None:
    stage.step("Start a broker.")
    stage.broker()
    if worker := WORKERS.get(stage.variant):
        stage.step(f"Start a worker: arq {worker}.WorkerSettings")
        stage.start("arq", f"{worker}.WorkerSettings")
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    place = asked_for(stage) if worker else "/reports/nobody"
    stage.step(f"Ask {place} until it tells an end.")
    reply, polls = poll(stage, place)
    if stage.variant == "printed":
        stage.until("succeeded", "make_report")
    said = reply.json().get("status", "nothing") if reply.status == 200 else "an error"
    stage.fact("polls", polls, title="Times asked", unit="requests")
    stage.fact("state", said, title="What the last answer said")
    stage.fact("status", reply.status, title="The last answer's HTTP status")


def asked_for(stage: Stage) -> str:
    stage.step("Ask for a report.")
    reply = stage.post("/reports")
    return reply.headers.get("location") or f"/reports/{reply.json()['task_id']}"


def poll(stage: Stage, place: str) -> tuple[Reply, int]:
    """The last answer, and how many there were."""
    reply, polls = stage.get(place), 1
    bound = 10 + stage.parameters.get("report_seconds", 0.0) / POLL_SECONDS
    while reply.status == 200 and reply.json()["status"] in GOES_ON and polls < bound:
        stage.pause(POLL_SECONDS)
        reply, polls = stage.get(place), polls + 1
    return reply, polls
