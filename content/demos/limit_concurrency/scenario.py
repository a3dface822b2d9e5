"""Orders one after the other, one more than uvicorn's limit; and one more when all has ended."""

from quiz.scenario import Reply, Stage


def play(stage: Stage) -> None:
    limit = int(stage.parameters["limit_concurrency"])
    stage.step(f"Start uvicorn with --limit-concurrency {limit}.")
    stage.serve(limit_concurrency=limit)
    if stage.variant == "idle_connections":
        replies = beside_idle_connections(stage, limit)
    else:
        stage.step(f"Post {limit + 1} orders, each when the one before has its answer.")
        replies = [stage.post(f"/orders/{number + 1}") for number in range(limit + 1)]
    stage.step("Wait until every mail is sent, then post one order more.")
    wait_for_mails(stage, replies)
    replies.append(stage.post("/orders/last"))
    wait_for_mails(stage, replies)
    for name, status in (("accepted", 200), ("refused", 503)):
        count = sum(reply.status == status for reply in replies)
        stage.fact(name, count, title=f"Orders answered with {status}", unit="orders")


def beside_idle_connections(stage: Stage, limit: int) -> list[Reply]:
    stage.step(f"Open {limit} connections, and ask for nothing.")
    idle = [stage.connect() for _ in range(limit)]
    stage.step("Post an order on another connection.")
    replies = [stage.post("/orders/1")]
    for connection in idle:
        connection.close()
    return replies


def wait_for_mails(stage: Stage, replies: list[Reply]) -> None:
    mails = sum(reply.status == 200 for reply in replies)
    bound = 10 + stage.parameters["mail_seconds"]
    stage.until("succeeded", "send_mail", count=mails, seconds=bound)
    stage.settle()
