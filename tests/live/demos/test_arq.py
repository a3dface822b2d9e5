"""Facts that the demo `arq` shows in real runs."""

import pytest

from tests.live.once import AT_ONCE_MS, Play, calls_of, facts_of, variants_of

WANTED = variants_of("arq")


def test_every_job_uses_the_connection_that_on_startup_opened_once(play: Play) -> None:
    run = play("arq", "startup", "arq")
    (connect,) = calls_of(run, "connect")
    jobs = calls_of(run, "send_welcome_email")
    assert [job.ended_by for job in jobs] == ["succeeded", "succeeded"]
    assert {job.process for job in jobs} == {connect.process}
    assert connect.end_ms is not None
    assert connect.end_ms <= jobs[0].start_ms
    assert facts_of(run)["count"]["send"] == 2


def test_the_printed_worker_crashes_at_start_and_the_job_waits(play: Play) -> None:
    run = play("arq", "printed", "arq")
    assert facts_of(run)["errors"] == ["NameError: name 'RedisSettings' is not defined"]
    assert 'printed_tasks.py", line 14' in run.output
    assert facts_of(run)["response"]["status"] == 200
    assert facts_of(run)["lost"] == ["send_welcome_email"]
    assert facts_of(run)["extra"]["waiting"] == 1


def test_without_on_startup_the_job_finds_nothing_in_ctx(play: Play) -> None:
    facts = facts_of(play("arq", "no_startup", "arq"))
    assert facts["errors"] == ["KeyError: 'smtp'"]
    assert facts["count"]["send_welcome_email"] == 1


def test_ten_jobs_run_at_once_and_the_others_wait_for_one_of_them(play: Play) -> None:
    jobs = calls_of(play("arq", "ten_at_once", "arq"), "send_to")
    first_end = min(job.end_ms or 0.0 for job in jobs)
    assert [job.start_ms < first_end for job in jobs] == [True] * 10 + [False] * 2
    assert len({job.process for job in jobs}) == 1


def test_a_blocking_job_delays_the_other_jobs(play: Play) -> None:
    call = facts_of(play("arq", "blocking", "arq"))["call"]
    assert call["send_mail"]["started_ms"] >= call["shrink"]["ended_ms"]
    assert call["shrink"]["running_ms"] >= 1490
    assert call["send_mail"]["process"] == call["shrink"]["process"]


def test_a_blocking_call_in_a_thread_delays_no_other_job(play: Play) -> None:
    call = facts_of(play("arq", "threaded", "arq"))["call"]
    assert call["send_mail"]["ended_ms"] < call["shrink"]["ended_ms"]
    assert call["shrink"]["running_ms"] < AT_ONCE_MS


def test_unpickling_an_argument_calls_a_function_in_the_worker(play: Play) -> None:
    run = play("arq", "pickled", "arq")
    (load,), (bill,) = calls_of(run, "load_order"), calls_of(run, "bill")
    packed, *_ = calls_of(run, "__reduce__")
    assert load.process == bill.process != packed.process
    assert load.end_ms is not None
    assert load.end_ms <= bill.start_ms
    # The job is what waited for a worker, not what was called to make its argument.
    assert [part.state for part in load.parts] == ["running"]
    assert bill.parts[0].state == "queued"


def test_an_argument_that_cannot_be_pickled_fails_at_enqueue(play: Play) -> None:
    facts = facts_of(play("arq", "not_pickled", "arq"))
    assert facts["response"]["status"] == 500
    assert facts["errors"] == ['SerializationError: unable to serialize job "bill"']
    assert facts["count"]["bill"] == 0


@pytest.mark.parametrize(("variant", "times"), [("job_id", 1), ("job_id_forgotten", 2)])
def test_a_job_id_is_in_use_until_its_result_expires(play: Play, variant: str, times: int) -> None:
    run = play("arq", variant, "arq")
    jobs = calls_of(run, "make_report")
    assert [job.attempt for job in jobs] == [*range(1, times + 1)]
    assert facts_of(run)["extra"]["queued"] == times
    assert [answer["status"] for answer in facts_of(run)["responses"]] == [200, 200, 200]
