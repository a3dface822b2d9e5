"""Who of a run's programs lives, whom a break hits, and whether anybody can go on."""

from quiz.runs.stage.programs.child_processes import Programs

WEB, WORKER, OTHER, BROKER, HORSE = 1, 2, 3, 4, 5


def with_a_worker() -> Programs:
    programs = Programs()
    programs.began(BROKER, "broker", "valkey")
    programs.began(WORKER, "worker", "arq")
    programs.began(WEB, "web", "web")
    return programs


def test_a_lane_tells_a_worker_by_its_process() -> None:
    programs = Programs()
    assert programs.began(WORKER, "worker", "rq worker").lane == "rq worker 2"
    assert programs.began(WEB, "web", "web").lane == "event loop"


def test_a_break_hits_who_is_at_work() -> None:
    programs = with_a_worker()
    programs.began(OTHER, "worker", "arq")
    hit = programs.hit("worker", busy={OTHER})
    assert hit is not None
    assert hit.pid == OTHER
    idle = programs.hit("worker", busy=())
    assert idle is not None
    assert idle.pid == WORKER


def test_nobody_is_hit_where_nobody_is_left() -> None:
    programs = with_a_worker()
    programs.ended(WORKER)
    assert programs.hit("worker", busy=()) is None
    assert WORKER not in programs


def test_a_web_server_alone_can_go_on_until_it_is_gone() -> None:
    programs = Programs()
    programs.began(WEB, "web", "web")
    assert programs.can_go_on(busy=())
    programs.ended(WEB)
    assert not programs.can_go_on(busy=())


def test_without_its_worker_nothing_goes_on_though_a_request_waits() -> None:
    programs = with_a_worker()
    assert programs.can_go_on(busy=())
    programs.ended(WORKER)
    assert not programs.can_go_on(busy={WEB})
    assert programs.can_go_on(busy={HORSE})


def test_a_call_in_a_web_server_is_work_only_where_there_are_no_workers() -> None:
    programs = Programs()
    programs.began(WEB, "web", "web")
    assert programs.at_work({WEB})
    programs.began(WORKER, "worker", "arq")
    assert not programs.at_work({WEB})
    assert programs.at_work({WEB, WORKER})


def test_without_its_broker_only_what_was_begun_goes_on() -> None:
    programs = with_a_worker()
    programs.ended(BROKER)
    assert programs.can_go_on(busy={WORKER})
    assert not programs.can_go_on(busy=())
