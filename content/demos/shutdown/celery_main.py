"""The work is in another process; this one only asks for it."""

from fastapi import FastAPI

from celery_tasks import export

app = FastAPI()


@app.post("/exports/{name}")
def create_export(name: str) -> dict[str, str]:
    export.delay(name)
    return {"status": "accepted"}
