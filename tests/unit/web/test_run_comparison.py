"""Runs side by side, from plain data: no app, no request, no storage."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from quiz.demos.loader import load_demos
from quiz.packs.files import FIRST_RUN
from quiz.runs import serialization
from quiz.runs.run import Run
from quiz.web.components.runs.requirements import Requirements
from quiz.web.components.runs.run_choice import choose
from quiz.web.components.runs.run_panel import RunPanel
from quiz.web.components.runs.viewer import Viewer
from quiz.web.features.runs.comparison import UNSOUND, Comparison

DEMO = load_demos()[0]["one_request"]
TITLE = DEMO.parameters["query_seconds"].title


def run(**changes: Any) -> Run:
    return replace(serialization.load(FIRST_RUN.read_text(encoding="utf-8")), **changes)


def comparison(*runs: Run) -> Comparison:
    viewer = Viewer("a" * 64, "http://localhost:8000/")
    panels = [
        RunPanel(
            viewer=viewer,
            now=datetime.now(UTC),
            choice=choose(DEMO, one.variant, one.environment, one.parameters),
            requirements=Requirements({}),
            run=one,
        )
        for one in runs
    ]
    return Comparison(panels)


def test_each_run_has_a_timeline_with_the_title_of_its_column() -> None:
    both = comparison(run(id="r1"), run(id="r2"))
    assert [picture.title for picture in both.pictures] == both.columns
    assert (len(both.pictures), both.href) == (2, "/side-by-side/r1,r2")


def test_columns_name_the_value_that_differs() -> None:
    slow = run(parameters={"query_seconds": 2.0, "chart_seconds": 0.9})
    columns = comparison(run(), slow).columns
    assert [column.rpartition(", ")[2] for column in columns] == [TITLE + " 0.6 s", TITLE + " 2 s"]


def test_equal_runs_have_no_differences() -> None:
    (against,) = comparison(run(), run()).differences
    assert "against" in against.title


def test_unfinished_and_busy_runs_are_not_compared() -> None:
    assert comparison(run(), run(status="running")).differences == []
    busy = comparison(run(), run(timing_error_ms=40.0))
    assert (busy.differences, busy.unsound) == ([], UNSOUND)
