"""One request that leaves two tasks behind, or two such requests at once."""

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    if stage.variant == "two_requests":
        stage.step("Two clients post an item at once: each has its own background work.")
        for pending in [stage.send("POST", "/items") for _ in range(2)]:
            pending.reply()
    else:
        stage.step("Post an item: its background work is added.")
        stage.post("/items")
    stage.step("Wait until the background work has ended.")
    stage.settle(seconds=10 + sum(stage.parameters.values()))
