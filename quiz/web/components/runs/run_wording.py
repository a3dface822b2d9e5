"""A run in words: its status, its steps, why it decides nothing, its versions. Pure."""

import re
import sys
from datetime import datetime, timedelta

from quiz.figure.words import duration
from quiz.runs.libraries import TITLES
from quiz.runs.run import Run
from quiz.web.components import wording
from quiz.web.components.runs import fault_controls

# The steps of a shorter run are over before anyone can read them.
STEPS_FROM_SECONDS = 3.0
FAULTS = {
    "demo": "The demo is at fault",
    "limit": "A limit ended this run",
    "app": "The app is at fault, not the demo",
}
IMPORT = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)


def elapsed(run: Run, now: datetime) -> timedelta:
    """Time since the run started; zero while the run is queued."""
    return now - (run.started or now)


def status_line(run: Run) -> str:
    """Status of a run that is queued or running."""
    if run.status == "running":
        return f"Running. It takes about {wording.seconds(run.seconds)}."
    if run.place is None:
        return "Getting ready."
    left = wording.seconds(max(1.0, run.wait_seconds or 0.0))
    return f"Waiting for its turn: place {run.place} in the queue, about {left} left."


def steps(run: Run, now: datetime) -> list[str]:
    """Steps of the scenario so far. Empty for a short run, and for a finished or cancelled one."""
    if run.status in ("finished", "cancelled"):
        return []
    slow = max(run.seconds, elapsed(run, now).total_seconds()) > STEPS_FROM_SECONDS
    return run.steps if slow or run.status != "running" else []


def fault(run: Run) -> str:
    """Why a run that is over decides nothing; "" if the run decides or still goes on."""
    if not run.is_over:
        return ""
    if run.status == "finished":
        return run.doubt
    ended = "This run was cancelled."
    if run.status != "cancelled":
        cause = FAULTS.get(run.fault or "app", FAULTS["app"])
        ended = f"{cause}: {run.reason or 'it did not end.'}"
    return f"{run.doubt} {ended}" if run.truncated else ended


def fault_note(run: Run) -> str:
    """What the learner broke by hand, and how the run ended if that ended it."""
    if run.spared and not run.is_over:
        return fault_controls.SPARED[run.spared]
    if not run.broken:
        return ""
    ended = f" {run.reason}" if run.is_over and run.reason else ""
    return fault_controls.report(run.broken) + ended


def progress(run: Run) -> str:
    """Progress of an unfinished run for screen readers: waiting, running, response sent."""
    responses = run.timeline.responses
    if responses and responses[0].sent_ms is not None:
        return f"The response was sent after {duration(responses[0].sent_ms)}."
    return "The run goes on." if run.status == "running" else "The run waits for its turn."


def versions(run: Run) -> str:
    """Versions of what the demo's files import: "FastAPI 0.165.0, Python 3.11.7"."""
    imported = {name for text in run.source.values() for name in IMPORT.findall(text)}
    # `run.versions` lists the operating system as `os`, which is also a module's name.
    imported -= sys.stdlib_module_names
    shown = [name for name in run.versions if name.replace("-", "_") in imported]
    names = dict.fromkeys(["fastapi", "starlette", "uvicorn", *shown, "python"])
    known = {name: version for name, version in run.versions.items() if name in names}
    return ", ".join(f"{TITLES.get(n, n)} {known[n]}" for n in names if n in known)
