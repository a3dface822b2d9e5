"""One order, and at once another request, played to the end of both and of the order's task."""

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    web = stage.serve()
    if stage.variant == "behind_proxy":
        stage.step("Start a proxy before it, with connections that are kept alive.")
        stage.environ(UPSTREAM=f"http://127.0.0.1:{web.port}")
        web = stage.serve("proxy:app")
    first = stage.connect(web)
    same = stage.variant in ("keep_alive", "guarded")
    second = first if same else stage.connect(web)
    stage.step("Post an order.")
    stage.post("/orders/lamp", connection=first)
    where = "the same connection" if same else "another connection"
    stage.step(f"On {where}, ask for the statistics.")
    stage.get("/statistics", connection=second)
    stage.step("Wait until both requests and the background task have ended.")
    stage.settle(seconds=10 + sum(stage.parameters.values()))
