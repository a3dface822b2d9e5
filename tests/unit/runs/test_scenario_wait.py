"""The conditions that a scenario waits for, and their bounds."""

import pytest

from quiz.runs.stage.supervisor.event_ledger import EventLedger
from quiz.runs.stage.supervisor.scenario_wait import ScenarioWait
from tests.events import event


@pytest.fixture
def ledger() -> EventLedger:
    return EventLedger()


@pytest.fixture
def wait(ledger: EventLedger) -> ScenarioWait:
    return ScenarioWait(ledger)


def test_a_wait_for_an_event_ends_with_its_count(ledger: EventLedger, wait: ScenarioWait) -> None:
    wait.for_event("started", "task", 2, until=10.0)
    ledger.add(event("started", call="1"))
    assert wait.answer(1.0) is None
    ledger.add(event("started", call="2"))
    assert wait.answer(2.0) == {"met": True}
    assert wait.answer(2.0) is None


def test_a_wait_ends_at_its_timeout(wait: ScenarioWait) -> None:
    wait.for_event("started", "task", 1, until=10.0)
    assert wait.until == 10.0
    assert wait.answer(10.0) == {"met": False}


def test_a_wait_for_a_program_that_is_never_ready_times_out(wait: ScenarioWait) -> None:
    wait.for_ready(7, until=10.0)
    assert (wait.until, wait.answer(9.0)) == (10.0, None)
    assert wait.answer(10.0) == {"met": False}


def test_settle_waits_for_requests_and_their_background_calls(
    ledger: EventLedger, wait: ScenarioWait
) -> None:
    ledger.add(event("received", request="7-1"))
    ledger.add(event("started", call="7-2"))
    wait.for_settled(until=10.0)
    ledger.add(event("succeeded", request="7-1"))
    assert wait.answer(1.0) is None
    ledger.add(event("succeeded", call="7-2"))
    assert wait.answer(1.0) == {"met": True}


def test_settle_does_not_wait_for_calls_that_started_before_zero(
    ledger: EventLedger, wait: ScenarioWait
) -> None:
    ledger.add(event("started", "lifespan", call="7-1"))
    ledger.forget_calls()
    wait.for_settled(until=10.0)
    assert wait.answer(1.0) == {"met": True}


def test_settle_does_not_wait_for_a_process_that_ended(
    ledger: EventLedger, wait: ScenarioWait
) -> None:
    ledger.add(event("received", request="7-1"))
    ledger.add(event("started", call="7-2"))
    wait.for_settled(until=10.0)
    ledger.add_ended(7)
    assert wait.answer(1.0) == {"met": True}


def test_a_server_that_ends_before_it_is_ready_is_an_error(
    ledger: EventLedger, wait: ScenarioWait
) -> None:
    wait.for_ready(7)
    assert wait.answer(1.0) is None
    ledger.add_ended(7)
    answer = wait.answer(1.0)
    assert answer is not None
    assert "ended before" in answer["error"]


def test_a_ready_server_reports_its_port(ledger: EventLedger, wait: ScenarioWait) -> None:
    wait.for_ready(7)
    ledger.add_ready(7, 4000)
    assert wait.answer(1.0) == {"pid": 7, "port": 4000}


def test_a_wait_for_a_process_ends_with_the_process_or_times_out(
    ledger: EventLedger, wait: ScenarioWait
) -> None:
    wait.for_end_of(7, until=10.0)
    assert wait.answer(1.0) is None
    ledger.add_ended(7)
    assert wait.answer(2.0) == {"met": True}
    wait.for_end_of(8, until=10.0)
    assert wait.answer(10.0) == {"met": False}
