"""What the owner tells a scenario that waits."""

from typing import Any

from quiz.runs.stage.event_ledger import News


def record(event: str, name: str = "task", **detail: Any) -> dict[str, Any]:
    lane = detail.pop("lane", "event loop")
    where = {"lane": lane, "process": 7}
    return {"event": event, "name": name, "t": detail.pop("t", 0), "detail": detail} | where


def test_a_wait_for_an_event_ends_with_its_count() -> None:
    news = News()
    news.wait_for("started", "task", 2, until=10.0)
    news.hear(record("started", call="1"))
    assert news.answers(1.0) == []
    news.hear(record("started", call="2"))
    assert news.answers(2.0) == [{"met": True}]
    assert news.answers(2.0) == []


def test_a_wait_ends_at_its_bound() -> None:
    news = News()
    news.wait_for("started", "task", 1, until=10.0)
    assert news.deadline() == 10.0
    assert news.answers(10.0) == [{"met": False}]


def test_a_program_that_is_never_ready_is_waited_for_until_the_bound() -> None:
    news = News()
    news.wait_ready(7, until=10.0)
    assert (news.deadline(), news.answers(9.0)) == (10.0, [])
    assert news.answers(10.0) == [{"met": False}]


def test_settled_waits_for_requests_and_for_what_they_left_running() -> None:
    news = News()
    news.hear(record("received", request="7-1"))
    news.hear(record("started", call="7-2"))
    news.wait_settled(until=10.0)
    news.hear(record("succeeded", request="7-1"))
    assert news.answers(1.0) == []
    news.hear(record("succeeded", call="7-2"))
    assert news.answers(1.0) == [{"met": True}]


def test_what_runs_since_before_zero_is_not_waited_for() -> None:
    news = News()
    news.hear(record("started", "lifespan", call="7-1"))
    news.zero(5)
    news.wait_settled(until=10.0)
    assert news.answers(1.0) == [{"met": True}]


def test_a_dead_process_is_not_waited_for() -> None:
    news = News()
    news.hear(record("received", request="7-1"))
    news.hear(record("started", call="7-2"))
    news.wait_settled(until=10.0)
    news.gone(7)
    assert news.answers(1.0) == [{"met": True}]


def test_a_server_that_ends_before_it_is_ready_is_an_error() -> None:
    news = News()
    news.wait_ready(7)
    assert news.answers(1.0) == []
    news.gone(7)
    assert "ended before" in news.answers(1.0)[0]["error"]


def test_a_server_that_is_ready_tells_its_port() -> None:
    news = News()
    news.wait_ready(7)
    news.ready(7, 4000)
    assert news.answers(1.0) == [{"pid": 7, "port": 4000}]


def test_the_process_and_the_instant_of_the_last_such_event_are_known_afterwards() -> None:
    news = News()
    assert news.last("started", "task") is None
    news.hear(record("started", call="7-2", t=40))
    news.hear(record("started", call="7-3", t=50))
    assert news.last("started", "task") == (7, 50)


def test_a_wait_for_a_process_ends_with_it_or_at_its_bound() -> None:
    news = News()
    news.wait_gone(7, until=10.0)
    assert news.answers(1.0) == []
    news.gone(7)
    assert news.answers(2.0) == [{"met": True}]
    news.wait_gone(8, until=10.0)
    assert news.answers(10.0) == [{"met": False}]


def test_a_job_is_left_until_it_succeeds() -> None:
    news = News()
    news.hear(record("enqueued", queue="j1"))
    assert news.is_work_left
    news.hear(record("started", call="1", queue="j1"))
    assert (news.is_work_left, news.busy) == (False, {7})
    news.hear(record("failed", call="1"))
    assert (news.is_work_left, news.busy) == (True, set())
    news.hear(record("started", call="2", queue="j1"))
    news.hear(record("succeeded", call="2"))
    assert not news.is_work_left


def test_each_job_counts_though_they_have_one_name() -> None:
    news = News()
    for ticket in ("j1", "j2"):
        news.hear(record("enqueued", queue=ticket))
    news.hear(record("started", call="1", queue="j1"))
    news.hear(record("succeeded", call="1"))
    assert news.is_work_left


def test_a_job_is_left_when_its_worker_dies_and_a_list_is_gone_with_its_process() -> None:
    news = News()
    for event in (
        record("enqueued", queue="j1"),
        record("started", call="1", queue="j1"),
        record("scheduled"),
        record("enqueued", queue="7-12"),
    ):
        news.hear(event)
    news.gone(7)
    assert (news.is_work_left, news.busy) == (True, set())
    news.hear(record("started", call="2", queue="j1"))
    assert not news.is_work_left


def test_a_job_that_its_queue_reports_lost_is_not_left() -> None:
    news = News()
    news.hear(record("enqueued", queue="j1"))
    news.hear(record("started", call="1", queue="j1"))
    news.gone(7)
    assert news.is_work_left
    news.hear(record("lost", queue="j1"))
    assert not news.is_work_left


def test_what_is_in_a_list_is_left_until_it_begins() -> None:
    news = News()
    news.hear(record("scheduled"))
    assert news.is_work_left
    news.hear(record("started", call="1", background=True))
    assert not news.is_work_left


def test_a_job_that_begins_before_its_enqueueing_is_heard_of_is_not_waited_for_twice() -> None:
    news = News()
    news.hear(record("started", call="7-1", queue="job"))
    news.hear(record("enqueued", queue="job"))
    assert not news.is_work_left
    news.hear(record("succeeded", call="7-1"))
    news.hear(record("enqueued", queue="job"))
    assert news.is_work_left
