"""Post one item, wait for whatever becomes of its tasks, count the lines of the log."""

from websockets.sync.client import connect

from quiz.scenario import Stage


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    web = stage.serve()
    if stage.variant == "websocket":
        stage.step("Send the name of an item over a WebSocket, and close it.")
        with stage.client("WS /items"), connect(f"ws://127.0.0.1:{web.port}/items") as socket:
            socket.send("lamp")
            socket.recv(timeout=10)
    else:
        stage.step("Post an item.")
        reply = stage.post("/items", json={"name": "lamp"})
        stage.fact("body", reply.body.decode(), title="What the client got")
    stage.step("Wait until the request and its background tasks have ended.")
    stage.settle(seconds=10 + stage.parameters["write_seconds"])
    lines = (stage.read("log.txt") or "").splitlines()
    stage.fact("log_lines", len(lines), title="Lines in log.txt", unit="lines")
