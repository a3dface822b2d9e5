"""The web side: puts the task into the broker, and tells its state."""

from fastapi import FastAPI

from celery_late_tasks import bill, queue

app = FastAPI()


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    return {"task": bill.delay(order).id}


@app.get("/tasks/{task}")
def state_of(task: str) -> dict[str, str]:
    return {"state": queue.AsyncResult(task).state}
