"""A request whose background work keeps something alive, and its web server seen from outside."""

from quiz.scenario import Pending, Stage

LINE = b"100001,lamp,19.90\n"
LINES = 1_700_000
# In these the task has two steps: one that needs the items, one that does not.
TWO_STEPS = ("whole_list", "id_only", "emptied")
BODIES = ("response_body", "request_body")


def play(stage: Stage) -> None:
    stage.step("Start uvicorn with one worker.")
    web = stage.serve()
    if stage.variant == "upload":
        upload(stage)
        return
    watching = stage.watch_memory(web, "memory_mb")
    before = watching.megabytes()

    def look(name: str, title: str) -> None:
        stage.pause(stage.parameters["step_seconds"] / 3)
        more = round(watching.megabytes() - before, 1)
        stage.fact(name, more, title=title, unit="MB")

    pending = ask(stage)
    if stage.variant not in BODIES:
        stage.step("Look at the memory while the prices are updated.")
        stage.until("started", "update_prices")
        look("early_mb", "Held early")
    last = "notify_partners" if stage.variant in TWO_STEPS else "write_log"
    stage.step(f"Look at the memory during {last}.")
    stage.until("started", last)
    look("late_mb", "Held late")
    stage.step("Wait until the request and its background tasks have ended, and look again.")
    stage.settle(seconds=10 + stage.parameters["step_seconds"] * 3)
    pending.reply()
    look("after_mb", "Held after the end")
    watching.stop()


def ask(stage: Stage) -> Pending:
    """The task may start before the client has read it all, so nobody waits for that."""
    if stage.variant == "response_body":
        stage.step("Ask for an export of 30 MB.")
        return stage.send("GET", "/items")
    if stage.variant == "request_body":
        stage.step("Post an import of 30 MB.")
        return stage.send("POST", "/items", body=LINE * LINES)
    stage.step("Post an item.")
    return stage.send("POST", "/items/lamp")


def upload(stage: Stage) -> None:
    stage.step("Upload a small file.")
    form = (
        b'--line\r\ncontent-disposition: form-data; name="file"; filename="items.csv"\r\n'
        b"content-type: text/csv\r\n\r\n" + LINE + b"\r\n--line--\r\n"
    )
    kind = {"content-type": "multipart/form-data; boundary=line"}
    stage.post("/items", body=form, headers=kind)
    stage.step("Wait until the request and its background task have ended.")
    stage.settle(seconds=10 + stage.parameters["step_seconds"])
    stored = stage.read("items.csv") or ""
    stage.fact("stored", len(stored), title="Characters stored", unit="characters")
