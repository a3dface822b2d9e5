"""The web side: `delay` puts the task's name and arguments into the broker."""

from fastapi import FastAPI

from celery_tasks import send_order

app = FastAPI()


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    send_order.delay(order)
    return {"status": "accepted"}
