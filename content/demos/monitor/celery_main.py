"""The web side: puts the tasks into the broker, and knows no more of them than their ids."""

from fastapi import FastAPI

from celery_tasks import make_report

app = FastAPI()


@app.post("/reports/{month}")
def create_report(month: str) -> dict[str, str]:
    return {"task": make_report.delay(month).id}
