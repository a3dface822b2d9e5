"""The event ledger: what is open, and what work is left."""

from quiz.runs.stage.supervisor.event_ledger import EventLedger
from tests.events import event


def ledger_of(*events: dict[str, object]) -> EventLedger:
    ledger = EventLedger()
    for one in events:
        ledger.add(one)
    return ledger


def test_the_process_and_the_time_of_the_last_event_are_known() -> None:
    ledger = ledger_of(event("started", call="7-2", t=40), event("started", call="7-3", t=50))
    assert ledger.last("started", "task") == (7, 50)
    assert ledger.last("failed", "task") is None


def test_a_program_does_not_count_as_a_function_of_the_same_name() -> None:
    ledger = ledger_of(event("started", program="task"), event("started", call="7-2"))
    assert ledger.count("started", "task") == 1


def test_a_run_has_failures_after_a_failed_call() -> None:
    assert not ledger_of(event("succeeded", call="1")).has_failures
    assert ledger_of(event("failed", call="1")).has_failures


def test_a_client_waits_until_its_call_ends() -> None:
    ledger = ledger_of(event("started", lane="client", call="9-1"))
    assert (ledger.is_client_waiting, ledger.busy) == (True, set())
    ledger.add(event("succeeded", lane="client", call="9-1"))
    assert not ledger.is_client_waiting


def test_a_lane_is_known_while_its_process_is_busy() -> None:
    ledger = ledger_of(event("started", lane="arq 7", call="7-1"))
    assert (ledger.lane_of(7), ledger.lane_of(8)) == ("arq 7", None)
    ledger.add(event("succeeded", lane="arq 7", call="7-1"))
    assert ledger.lane_of(7) is None


def test_a_job_is_left_until_it_succeeds() -> None:
    ledger = ledger_of(event("enqueued", queue="j1"))
    assert ledger.is_work_left
    ledger.add(event("started", call="1", queue="j1"))
    assert (ledger.is_work_left, ledger.busy) == (False, {7})
    ledger.add(event("failed", call="1"))
    assert (ledger.is_work_left, ledger.busy) == (True, set())
    ledger.add(event("started", call="2", queue="j1"))
    ledger.add(event("succeeded", call="2"))
    assert not ledger.is_work_left


def test_jobs_of_one_function_count_separately() -> None:
    ledger = ledger_of(event("enqueued", queue="j1"), event("enqueued", queue="j2"))
    ledger.add(event("started", call="1", queue="j1"))
    ledger.add(event("succeeded", call="1"))
    assert ledger.is_work_left


def test_a_job_outlives_its_worker_but_a_list_does_not_outlive_its_process() -> None:
    ledger = ledger_of(
        event("enqueued", queue="j1"),
        event("started", call="1", queue="j1"),
        event("scheduled"),
        event("enqueued", queue="7-12"),
    )
    ledger.add_ended(7)
    assert (ledger.is_work_left, ledger.busy) == (True, set())
    ledger.add(event("started", call="2", queue="j1"))
    assert not ledger.is_work_left


def test_a_job_that_its_queue_reports_lost_is_not_left() -> None:
    ledger = ledger_of(event("enqueued", queue="j1"), event("started", call="1", queue="j1"))
    ledger.add_ended(7)
    assert ledger.is_work_left
    ledger.add(event("lost", queue="j1"))
    assert not ledger.is_work_left


def test_a_listed_task_is_left_until_it_starts() -> None:
    ledger = ledger_of(event("scheduled"))
    assert ledger.is_work_left
    ledger.add(event("started", call="1", background=True))
    assert not ledger.is_work_left


def test_a_job_that_starts_before_its_enqueued_event_is_not_left() -> None:
    ledger = ledger_of(event("started", call="7-1", queue="job"), event("enqueued", queue="job"))
    assert not ledger.is_work_left
    ledger.add(event("succeeded", call="7-1"))
    ledger.add(event("enqueued", queue="job"))
    assert ledger.is_work_left
