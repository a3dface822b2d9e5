"""Facts that the demo `monitor` shows in real runs."""

from typing import Any

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("monitor")
VARIANTS = [
    ("background_tasks", "current"),
    ("celery", "current"),
    ("rq", "current"),
    ("arq", "arq"),
]


def told_of(play: Play, variant: str, environment: str = "current") -> dict[str, Any]:
    return dict(facts_of(play("monitor", variant, environment))["extra"])


@pytest.mark.parametrize(("variant", "environment"), VARIANTS)
def test_the_last_of_three_reports_fails(play: Play, variant: str, environment: str) -> None:
    facts = facts_of(play("monitor", variant, environment))
    assert facts["count"]["make_report"] == 3
    assert facts["errors"] == ["ValueError: The numbers of May are missing"]


def test_background_tasks_are_visible_only_as_open_requests(play: Play) -> None:
    told = told_of(play, "background_tasks")
    assert "make_report" not in told["meanwhile"]
    assert told["meanwhile"].count("RequestResponseCycle.run_asgi") == 4
    assert told["failures_told"] == 0


def test_the_api_of_flower_lists_each_task_with_its_state(play: Play) -> None:
    told = told_of(play, "celery")
    for state in ("SUCCESS: march", "STARTED: april", "RECEIVED: may"):
        assert state in told["meanwhile"]
    assert "FAILURE: may" in told["at_the_end"]
    assert told["failures_told"] == 1


def test_flower_runs_in_its_own_process_beside_the_worker(play: Play) -> None:
    run = play("monitor", "celery")
    asked = [r for r in run.timeline.responses if r.name == "GET /api/tasks"]
    assert {response.status for response in asked} == {200}
    assert "Visit me at http://127.0.0.1:" in run.output
    assert run.pages


def test_the_registries_of_rq_list_waiting_running_finished_and_failed_jobs(play: Play) -> None:
    told = told_of(play, "rq")
    assert told["meanwhile"] == "queued: may; started: april; finished: march; failed: -"
    assert told["failures_told"] == 1


def test_the_queue_of_arq_names_jobs_and_its_health_check_counts_them(
    play: Play,
) -> None:
    told = told_of(play, "arq", "arq")
    assert "queued_jobs: april, may; succeeded: march; failed: -" in told["meanwhile"]
    assert "j_complete=1 j_failed=0 j_retried=0 j_ongoing=1 queued=2" in told["meanwhile"]
    assert told["failures_told"] == 1
