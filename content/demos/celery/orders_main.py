"""The web side passes a dictionary with whole numbers as keys, a tuple and a date."""

from datetime import date

from fastapi import FastAPI

from orders_app import celery, pack

app = FastAPI()


@app.post("/orders")
async def create_order() -> dict[str, str]:
    shelves, size, due = {7: "lamp"}, (30, 40), date(2026, 12, 1)
    return {"task": pack.delay(shelves, size, due).id}


@app.get("/task")
def read_task(id: str) -> dict[str, object]:
    task = celery.AsyncResult(id)
    return {"state": task.state, "result": str(task.result)}
