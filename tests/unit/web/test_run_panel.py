"""The panel of a run, from plain data: no app, no request, no storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from quiz.demos.loader import load_demos
from quiz.packs.files import FIRST_RUN
from quiz.runs import serialization
from quiz.runs.run import Run
from quiz.web.components.runs.requirements import Requirements
from quiz.web.components.runs.run_choice import choose
from quiz.web.components.runs.run_panel import RunPanel
from quiz.web.components.runs.viewer import Viewer

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANNA, BERT = "a" * 64, "b" * 64
CHOICE = choose(load_demos()[0]["one_request"])


def run(**changes: Any) -> Run:
    """The recorded run with changes."""
    return replace(serialization.load(FIRST_RUN.read_text(encoding="utf-8")), **changes)


def panel(of: Run | None = None, **changes: Any) -> RunPanel:
    shown = RunPanel(
        viewer=Viewer(ANNA, "http://localhost:8000/"),
        now=NOON,
        choice=CHOICE,
        requirements=Requirements({}),
        run=of,
    )
    return replace(shown, **changes)


def running(**changes: Any) -> Run:
    return run(status="running", started=NOON - timedelta(seconds=4), learner=ANNA, **changes)


def test_without_a_run_the_panel_offers_one_and_shows_the_demos_code() -> None:
    shown = panel()
    assert shown.results is None
    assert shown.first_run
    assert shown.first_run.text.startswith("Run · about")
    assert shown.files
    assert (shown.links.live, shown.run_again, shown.announcement) == ("", None, "")


def test_a_missing_program_replaces_the_button() -> None:
    key = (CHOICE.variant.name, CHOICE.environment)
    shown = panel(requirements=Requirements({key: "Type: apt install it"}))
    assert shown.first_run
    assert shown.first_run.needs == "Type: apt install it"


def test_a_finished_run_has_its_results_and_can_run_again() -> None:
    shown = panel(run(id="r"))
    assert shown.results
    assert shown.results.figure
    assert shown.results.record
    assert shown.run_again
    assert (shown.links.page, shown.links.live, shown.fault) == ("/runs/r", "", "")
    assert shown.announcement == f"The run has ended. {shown.results.sentence}"


def test_only_the_learner_who_started_a_run_can_cancel_it() -> None:
    assert panel(running()).may_cancel
    assert not panel(running(), viewer=Viewer(BERT, "http://localhost/")).may_cancel


def test_only_the_learner_who_started_a_run_can_break_it_and_each_fault_once() -> None:
    breakable = running(breaks=("web", "worker"), broken=["web"])
    assert panel(breakable).fault_buttons == [("worker", "Kill the worker")]
    assert panel(breakable, viewer=Viewer(BERT, "http://localhost/")).fault_buttons == []


def test_the_timeline_grows_with_the_clock_of_the_panel() -> None:
    shown = panel(running())
    later = shown.at(shown.run or run(), NOON + timedelta(seconds=30))
    pictures = [one.results and one.results.figure for one in (shown, later)]
    assert len({str(picture and picture.ticks[-1]) for picture in pictures}) == 2


def test_pages_of_programs_are_linked_only_where_the_browser_can_reach_them() -> None:
    broker = running(pages={"The broker": 5555})
    assert panel(broker, is_local=True).program_pages == [("The broker", "http://127.0.0.1:5555/")]
    assert panel(broker, is_local=False).program_pages == []


def test_the_stream_of_an_attempts_run_names_the_attempt() -> None:
    shown = panel(running(id="r"), attempt="a1")
    assert shown.links.live == "/runs/r/live?attempt=a1"
    assert shown.links.look_again == "/attempts/a1?look=again"


def test_a_busy_machine_and_an_injected_fault_are_named() -> None:
    assert panel(run(timing_error_ms=40.0)).fault.startswith("The machine was too busy")
    assert panel(run(broken=["web"])).fault_note == "Broken by hand: the web process was killed."
