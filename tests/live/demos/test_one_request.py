"""Facts that the demo `one_request` shows in real runs."""

from tests.live.once import AT_ONCE_MS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("one_request")


def test_the_query_waits_and_the_chart_occupies_its_thread(play: Play) -> None:
    run = play("one_request", "report")
    (query,), (chart,) = calls_of(run, "query_sales"), calls_of(run, "draw_chart")
    assert query.milliseconds("suspended") > AT_ONCE_MS > query.milliseconds("running")
    assert chart.milliseconds("running") > AT_ONCE_MS
    assert chart.thread != query.thread


def test_one_request_runs_no_background_work(play: Play) -> None:
    facts = facts_of(play("one_request", "report"))
    assert "background_ms" not in facts
    assert facts["call"]["draw_chart"]["ended_ms"] < facts["response"]["sent_ms"]
