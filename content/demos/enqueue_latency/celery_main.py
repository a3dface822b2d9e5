"""The web side: `delay` pushes a message onto a list in Redis."""

from fastapi import FastAPI

from celery_tasks import bill

app = FastAPI()


@app.post("/orders/{order}")
def create_order(order: str) -> dict[str, str]:
    bill.delay(order)
    return {"status": "accepted"}
