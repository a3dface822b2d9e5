"""Facts that the demo `rq` shows in real runs."""

import pytest

from tests.live.once import AT_ONCE_MS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("rq")


@pytest.mark.parametrize(("variant", "processes"), [("work_horse", 2), ("simple_worker", 1)])
def test_each_process_that_runs_jobs_opens_its_own_connection(
    play: Play, variant: str, processes: int
) -> None:
    run = play("rq", variant)
    jobs = calls_of(run, "send_welcome_email")
    assert [job.ended_by for job in jobs] == ["succeeded", "succeeded"]
    assert len({job.process for job in jobs}) == processes
    assert facts_of(run)["count"]["connect"] == processes


def test_async_jobs_of_rq_run_one_after_another(play: Play) -> None:
    first, second = calls_of(play("rq", "async_def"), "fetch")
    assert (first.ended_by, second.ended_by) == ("succeeded", "succeeded")
    assert first.milliseconds("suspended") >= 590
    assert first.end_ms is not None
    assert second.start_ms >= first.end_ms
    assert first.process != second.process


def test_with_one_worker_the_mail_waits_for_the_picture(play: Play) -> None:
    call = facts_of(play("rq", "one_worker"))["call"]
    assert call["send_mail"]["started_ms"] >= call["shrink"]["ended_ms"]


def test_a_second_worker_sends_the_mail_meanwhile(play: Play) -> None:
    call = facts_of(play("rq", "two_workers"))["call"]
    waited = call["send_mail"]["started_ms"] - call["write"]["started_ms"]
    assert waited < AT_ONCE_MS
    assert call["send_mail"]["ended_ms"] < call["shrink"]["ended_ms"]


@pytest.mark.parametrize(("variant", "times"), [("job_id", 2), ("job_id_unique", 1)])
def test_a_job_id_prevents_duplicates_only_with_unique(
    play: Play, variant: str, times: int
) -> None:
    run = play("rq", variant)
    assert len(calls_of(run, "make_report")) == times
    assert facts_of(run)["extra"]["queued"] == times
