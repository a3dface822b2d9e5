"""A client that asks for a report and then for its state, until it is told an end."""

import json
from collections.abc import Collection

from quiz.scenario import Reply, Stage

POLL_SECONDS = 0.3  # oftener than Retry-After asks for, so that the run is short
MOST = 50  # far more than the longest report needs
GOES_ON = {"queued", "deferred", "in_progress", "pending"}
WORKERS = {
    **dict.fromkeys(("printed", "own_id", "right", "awaited", "worker_killed"), "worker"),
    **dict.fromkeys(("failed", "failed_raw", "failed_status"), "failing_worker"),
    "events": "telling_worker",
    "expired": "forgetful_worker",
}


def play(stage: Stage) -> None:
    stage.step("Start a broker.")
    stage.broker()
    if worker := WORKERS.get(stage.variant):
        stage.step(f"Start a worker: arq {worker}.WorkerSettings")
        process = stage.start("arq", f"{worker}.WorkerSettings")
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    replies = [ask_for_report(stage)] if worker else []
    place = place_of(replies[0]) if worker else "/reports/nobody"
    if stage.variant == "worker_killed":
        stage.until("started", "make_report")
        stage.step("Kill the worker in the middle of the report.")
        stage.kill(process)
        stage.gone(process)
        polls = poll(stage, place, most=5)
    else:
        stage.step(f"Ask {place} until it tells an end.")
        polls = poll(stage, place, most=MOST)
    if stage.variant == "expired":
        stage.step("Ask on until the result has expired.")
        polls += poll(stage, place, most=MOST, goes_on={"done"})
    if stage.variant in ("printed", "own_id"):
        stage.until("succeeded", "make_report")
    stage.fact("polls", len(polls), title="Times asked", unit="requests")
    stage.fact("state", state_of(polls[-1]), title="What the last answer said")
    stage.fact("status", polls[-1].status, title="The last answer's HTTP status")
    replies += polls
    stage.fact("requests", len(replies), title="Requests in all", unit="requests")
    passed = sum(reply.bytes for reply in replies)
    stage.fact("bytes", passed, title="Bytes over the line", unit="bytes")


def ask_for_report(stage: Stage) -> Reply:
    stage.step("Ask for a report.")
    return stage.post("/reports", json={"month": "March"})


def place_of(reply: Reply) -> str:
    return reply.headers.get("location") or f"/reports/{reply.json()['task_id']}"


def poll(stage: Stage, place: str, *, most: int, goes_on: Collection[str] = GOES_ON) -> list[Reply]:
    """All answers; the last one tells an end, or was the last of so many."""
    replies = [stage.get(place)]
    while state_of(replies[-1]) in goes_on and len(replies) < most:
        stage.pause(POLL_SECONDS)
        replies.append(stage.get(place))
    return replies


def state_of(reply: Reply) -> str:
    """What the answer says; of a stream of events the last one."""
    if reply.status != 200:
        return "an error"
    lines = reply.body.decode().splitlines()
    events = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    said = json.loads(events[-1] if events else reply.body)
    return str(said.get("status", "nothing"))
