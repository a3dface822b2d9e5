"""Facts that the demo `pool_deadlock` shows in real runs."""

import pytest

from tests.live.once import Play, facts_of, variants_of

WANTED = variants_of("pool_deadlock")
POOL_TIMEOUT_MS = 500.0


@pytest.mark.parametrize("variant", ["request_scope", "function_scope"])
def test_waiting_threads_and_held_connections_deadlock_until_the_pool_times_out(
    play: Play, variant: str
) -> None:
    responses = play("pool_deadlock", variant).timeline.responses
    answered = [response.received_ms or 0.0 for response in responses]
    assert len(answered) == 12
    assert min(answered) > 0.9 * POOL_TIMEOUT_MS


@pytest.mark.parametrize("variant", ["request_scope", "function_scope"])
def test_a_session_from_a_dependency_makes_requests_fail_in_either_scope(
    play: Play, variant: str
) -> None:
    run = play("pool_deadlock", variant)
    failed = [r for r in run.timeline.responses if r.status == 500]
    facts = facts_of(run)
    assert 3 <= len(failed) <= 10
    assert facts["extra"]["failed"] == len(failed)
    assert len(facts["errors"]) == len(failed)
    assert all(
        error.startswith("TimeoutError: QueuePool limit of size 2") for error in facts["errors"]
    )


def test_a_session_closed_in_the_handler_lets_every_request_succeed(play: Play) -> None:
    run = play("pool_deadlock", "in_handler")
    assert [response.status for response in run.timeline.responses] == [200] * 12
    assert facts_of(run)["extra"]["failed"] == 0
    assert run.timeline.end_ms < 2 * POOL_TIMEOUT_MS
