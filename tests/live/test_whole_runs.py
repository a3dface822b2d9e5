"""Real runs that were stopped, or that had more events than are stored."""

from pathlib import Path

from quiz.figure import draw, tell
from tests.live.players import playing, write_demo

BUSY = """
from fastapi import BackgroundTasks, FastAPI

SECONDS = 0.2

app = FastAPI()


def step() -> None:
    pass


def work() -> None:
    for _ in range(6000):
        step()


@app.post("/")
async def start(background_tasks: BackgroundTasks) -> None:
    background_tasks.add_task(work)
"""
TWICE = """
def play(stage):
    stage.serve()
    stage.post("/")
    stage.settle()
    stage.post("/")
    stage.settle()
"""
ENDLESS = """
def play(stage):
    stage.serve()
    stage.post("/")
    stage.until("succeeded", "nothing", seconds=100)
"""


async def test_a_run_with_cut_events_decides_nothing_and_says_so_first(
    tmp_path: Path,
) -> None:
    root = write_demo(tmp_path, main=BUSY, scenario=TWICE)
    async with playing(tmp_path, root) as runs:
        run = await runs.wait((await runs.start("sample")).id, 60)
    assert (run.status, run.truncated, run.decides) == ("finished", True, False)
    assert run.doubt.startswith("Only the first 10,000 of 24,")
    said = str(tell(run.timeline))
    assert said.startswith("Only the first 10,000 events of this run were kept. POST / had its 200")
    assert "no answer" not in said
    assert "None of" not in said
    assert set(run.timeline.facts) == {"parameters", "environment", "extra"}


async def test_a_stopped_run_is_drawn_until_its_stop(
    tmp_path: Path,
) -> None:
    root = write_demo(tmp_path, scenario=ENDLESS)
    async with playing(tmp_path, root, run_seconds=1.5) as runs:
        run = await runs.wait((await runs.start("sample")).id, 60)
    assert run.status == "timed_out"
    stopped_ms = run.timeline.stopped_ms or 0.0
    assert max(event.at_ms for event in run.events) < 1000 < stopped_ms
    assert draw(run.timeline).scale.end_ms >= stopped_ms
    assert "The run was stopped after" in str(tell(run.timeline))
