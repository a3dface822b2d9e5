"""What the client and the operator do; see quiz/sandbox/stage/scenario.py for all that they can."""

from quiz.sandbox.stage.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an item.")
    stage.post("/items")
    stage.step("Wait until its task has ended.")
    stage.settle()
