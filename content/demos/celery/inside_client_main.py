"""The web app sends one task for each sign-up and returns a task's state and result on request."""

from fastapi import FastAPI

from inside_client_app import celery, count_signup

app = FastAPI()


@app.post("/signup")
def signup() -> dict[str, str]:
    return {"task": count_signup.delay().id}


@app.get("/task")
def read_task(id: str) -> dict[str, object]:
    task = celery.AsyncResult(id)
    return {"state": task.state, "result": str(task.result)}
