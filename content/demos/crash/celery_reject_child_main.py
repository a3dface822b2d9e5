"""The web app sends the task to the broker and returns its state on request."""

from fastapi import FastAPI

from celery_reject_child_tasks import bill, queue

app = FastAPI()
tasks: dict[str, str] = {}


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    tasks[order] = bill.delay(order).id
    return {"status": "accepted"}


@app.get("/orders/{order}")
def state_of(order: str) -> dict[str, str]:
    return {"state": queue.AsyncResult(tasks[order]).state}
