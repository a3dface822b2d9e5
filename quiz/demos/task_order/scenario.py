"""One request that leaves two tasks behind."""

from quiz.sandbox.stage.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an item: its background work is added.")
    stage.post("/items")
    stage.step("Wait until the background work has ended.")
    stage.settle(seconds=10 + sum(stage.parameters.values()))
