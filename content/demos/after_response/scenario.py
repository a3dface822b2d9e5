"""Post one item, wait for its background work, count the lines of the log."""

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    stage.serve()
    stage.step("Post an item.")
    stage.post("/items", json={"name": "lamp"})
    stage.step("Wait until the request and its background tasks have ended.")
    stage.settle(seconds=10 + stage.parameters["write_seconds"])
    lines = (stage.read("log.txt") or "").splitlines()
    stage.fact("log_lines", len(lines), title="Lines in log.txt", unit="lines")
