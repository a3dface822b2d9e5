"""Ask for one report."""

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Ask for the report.")
    stage.get("/report")
    stage.step("Wait until the request has ended.")
    stage.settle()
