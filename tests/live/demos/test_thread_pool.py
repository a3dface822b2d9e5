"""Facts that the demo `thread_pool` shows in real runs."""

from tests.live.once import AT_ONCE_MS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("thread_pool")


def test_the_tokens_of_the_pool_limit_concurrent_tasks(play: Play) -> None:
    tasks = calls_of(play("thread_pool", "one_a_request"), "write_report")
    first_end = min(span.end_ms or 0.0 for span in tasks)
    assert len(tasks) == 8
    assert sum(span.start_ms < first_end for span in tasks) == 4


def test_the_other_tasks_wait_for_a_thread(play: Play) -> None:
    tasks = calls_of(play("thread_pool", "one_a_request"), "write_report")
    assert sum(span.milliseconds("queued") > AT_ONCE_MS for span in tasks) == 4


def test_a_full_pool_delays_a_sync_endpoint_and_not_an_async_one(play: Play) -> None:
    facts = facts_of(play("thread_pool", "one_a_request"))
    assert facts["extra"]["sync_ms"] > AT_ONCE_MS
    assert facts["extra"]["async_ms"] < AT_ONCE_MS
