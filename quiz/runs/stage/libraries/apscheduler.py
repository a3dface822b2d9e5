"""APScheduler: the functions that run a job."""

from quiz.runs.stage.libraries.background import in_background
from quiz.runs.stage.libraries.library import Library

LIBRARY = Library(
    name="apscheduler",
    title="APScheduler",
    hooks={"executors/base.py": {"run_job": in_background, "run_coroutine_job": in_background}},
)
