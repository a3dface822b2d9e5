"""The web side: twenty tasks into the broker."""

from fastapi import FastAPI

from celery_tasks import charge

app = FastAPI()


@app.post("/payday")
def charge_all() -> dict[str, int]:
    orders = range(20)
    for order in orders:
        charge.delay(order)
    return {"orders": len(orders)}
