"""What `thread_pool` is there to show, in real runs."""

from tests.live.once import AT_ONCE_MS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("thread_pool")


def test_no_more_tasks_run_at_once_than_the_pool_has_tokens(play: Play) -> None:
    tasks = calls_of(play("thread_pool", "one_a_request"), "write_report")
    first_end = min(span.end_ms or 0.0 for span in tasks)
    assert len(tasks) == 8
    assert sum(span.start_ms < first_end for span in tasks) == 4


def test_the_others_are_seen_to_queue_for_a_thread(play: Play) -> None:
    tasks = calls_of(play("thread_pool", "one_a_request"), "write_report")
    assert sum(span.milliseconds("queued") > AT_ONCE_MS for span in tasks) == 4


def test_a_full_pool_lets_a_sync_endpoint_wait_and_an_async_one_not(play: Play) -> None:
    facts = facts_of(play("thread_pool", "one_a_request"))
    assert facts["extra"]["sync_ms"] > AT_ONCE_MS
    assert facts["extra"]["async_ms"] < AT_ONCE_MS
