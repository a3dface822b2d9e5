"""The running programs of a run: which one a learner breaks, and whether the run can continue."""

from quiz.runs.stage.programs.running import RunningPrograms

WEB, WORKER, OTHER, BROKER, JOB = 1, 2, 3, 4, 5


def with_a_worker() -> RunningPrograms:
    programs = RunningPrograms()
    programs.add(BROKER, "broker", "valkey")
    programs.add(WORKER, "worker", "arq")
    programs.add(WEB, "web", "web")
    return programs


def test_the_lane_of_a_worker_contains_its_pid() -> None:
    programs = RunningPrograms()
    assert programs.add(WORKER, "worker", "rq worker").lane == "rq worker 2"
    assert programs.add(WEB, "web", "web").lane == "event loop"


def test_a_learner_breaks_a_busy_program_before_an_idle_one() -> None:
    programs = with_a_worker()
    programs.add(OTHER, "worker", "arq")
    busy = programs.to_break("worker", busy={OTHER})
    assert busy is not None
    assert busy.pid == OTHER
    idle = programs.to_break("worker", busy=())
    assert idle is not None
    assert idle.pid == WORKER


def test_a_program_that_has_ended_cannot_be_broken() -> None:
    programs = with_a_worker()
    programs.remove(WORKER)
    assert programs.to_break("worker", busy=()) is None
    assert WORKER not in programs


def test_a_run_without_workers_continues_while_it_has_a_web_server() -> None:
    programs = RunningPrograms()
    programs.add(WEB, "web", "web")
    assert programs.can_continue(busy=())
    programs.remove(WEB)
    assert not programs.can_continue(busy=())


def test_a_request_does_not_continue_a_run_that_lost_its_worker() -> None:
    programs = with_a_worker()
    assert programs.can_continue(busy=())
    programs.remove(WORKER)
    assert not programs.can_continue(busy={WEB})
    assert programs.can_continue(busy={JOB})


def test_a_call_in_a_web_server_can_end_only_if_there_are_no_workers() -> None:
    programs = RunningPrograms()
    programs.add(WEB, "web", "web")
    assert programs.can_end_a_call({WEB})
    programs.add(WORKER, "worker", "arq")
    assert not programs.can_end_a_call({WEB})
    assert programs.can_end_a_call({WEB, WORKER})


def test_only_started_jobs_continue_without_the_broker() -> None:
    programs = with_a_worker()
    programs.remove(BROKER)
    assert programs.can_continue(busy={WORKER})
    assert not programs.can_continue(busy=())
