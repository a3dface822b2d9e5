"""Facts that the demo `async_and_sync` shows in real runs."""

from tests.live.once import AT_ONCE_MS, Play, facts_of, variants_of

WANTED = variants_of("async_and_sync")


def test_an_async_task_runs_on_the_loop_and_a_sync_task_in_the_thread_pool(play: Play) -> None:
    call = facts_of(play("async_and_sync", "awaiting"))["call"]
    assert call["send_mail"]["lane"] == "event loop"
    assert call["write_audit"]["lane"] == "thread pool"


def test_another_client_does_not_wait_for_awaiting_or_sync_tasks(play: Play) -> None:
    facts = facts_of(play("async_and_sync", "awaiting"))
    assert facts["extra"]["ping_in_mail_ms"] < AT_ONCE_MS
    assert facts["extra"]["ping_in_audit_ms"] < AT_ONCE_MS
    assert facts["loop_blocked_ms"] < AT_ONCE_MS


def test_another_client_waits_while_an_async_task_blocks(play: Play) -> None:
    facts = facts_of(play("async_and_sync", "blocking"))
    mail, ping = facts["call"]["send_mail"], facts["call"]["ping"]
    assert ping["started_ms"] >= mail["ended_ms"]
    assert facts["loop_blocked_ms"] >= 990
    assert facts["extra"]["ping_in_audit_ms"] < AT_ONCE_MS


def test_a_blocking_call_in_a_thread_delays_no_other_client(play: Play) -> None:
    facts = facts_of(play("async_and_sync", "threaded"))
    assert facts["extra"]["ping_in_mail_ms"] < AT_ONCE_MS
    assert facts["call"]["deliver"]["lane"] == "thread pool"
    assert facts["call"]["send_mail"]["running_ms"] < AT_ONCE_MS
    assert facts["call"]["write_audit"]["started_ms"] >= facts["call"]["send_mail"]["ended_ms"]
