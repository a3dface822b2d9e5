"""BackgroundTasks call a task once, whatever becomes of it."""

from fastapi import BackgroundTasks, FastAPI

from partner import call_partner

app = FastAPI()


def send_order(order: str) -> None:
    call_partner(order)


@app.post("/orders/{order}")
async def create_order(order: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(send_order, order)
    return {"status": "accepted"}
