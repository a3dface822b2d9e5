"""A background task has no id and stands in no list; asyncio names what the process is at."""

import asyncio

from fastapi import BackgroundTasks, FastAPI

REPORT_SECONDS = 1

app = FastAPI()


async def make_report(month: str) -> None:
    await asyncio.sleep(REPORT_SECONDS)
    if month == "may":
        raise ValueError("The numbers of May are missing")


@app.post("/reports/{month}")
async def create_report(month: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    background_tasks.add_task(make_report, month)
    return {"status": "accepted"}


@app.get("/reports")
async def what_runs() -> dict[str, list[str]]:
    running = [task.get_coro() for task in asyncio.all_tasks()]
    return {"asyncio": [getattr(each, "__qualname__", "?") for each in running]}
