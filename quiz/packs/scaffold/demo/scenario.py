"""What the client and the operator do. docs/authoring.md lists the methods of the stage."""

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an item.")
    stage.post("/items")
    stage.step("Wait until its task has ended.")
    stage.settle()
