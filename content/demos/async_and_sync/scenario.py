"""Sign up, and ask for /ping once while each of the two tasks runs."""

import time

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    bound = 10 + stage.parameters["mail_seconds"] + stage.parameters["audit_seconds"]
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Sign up: two background tasks are added.")
    stage.post("/signup")
    stage.until("started", "send_mail", seconds=bound)
    stage.step("While send_mail runs, another client asks for /ping.")
    stage.fact("ping_in_mail_ms", ping(stage), title="/ping during send_mail waited", unit="ms")
    stage.until("started", "write_audit", seconds=bound)
    stage.step("While write_audit runs, it asks again.")
    stage.fact("ping_in_audit_ms", ping(stage), title="/ping during write_audit waited", unit="ms")
    stage.step("Wait until every background task has ended.")
    stage.settle(seconds=bound)


def ping(stage: Stage) -> float:
    asked = time.monotonic()
    stage.get("/ping")
    return (time.monotonic() - asked) * 1000
