"""Nothing outlives a run, however it ends: no process, no socket, no file."""

import contextlib
import tempfile
from pathlib import Path

import psutil
import pytest

from quiz.demos import system_programs
from quiz.runs.run import Run
from quiz.runs.service import Runs
from tests.live.players import MAIN, folders_of, owners, playing, write_demo, zygote
from tests.waiting import wait_until

LONG = {"seconds": 50}
STRAY = MAIN.replace(
    "async def work() -> None:\n    await asyncio.sleep(SECONDS)",
    """def work() -> None:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            sock = socket.create_server(("127.0.0.1", 0))
            open("/proc/self/comm", "w").write("stray")
            time.sleep(100)
        os._exit(0)
    os.wait()
    time.sleep(SECONDS)""",
).replace("import asyncio\n", "import asyncio\nimport os\nimport socket\nimport time\n")


def folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("after-response-*"))


def strays() -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["name"]) if p.info["name"] == "stray"]


def working() -> list[str]:
    """Working folders of the processes that still run in a run's folder, whatever their parent."""
    ours = f"{tempfile.gettempdir()}/after-response-"
    cwds = [process.info["cwd"] or "" for process in psutil.process_iter(["cwd"])]
    return [cwd for cwd in cwds if cwd.startswith(ours)]


def assert_nothing_is_left() -> None:
    assert (folders(), working(), strays()) == ([], [], [])


async def started(runs: Runs, **parameters: float) -> Run:
    """A run whose background task has started."""
    run = await runs.start("sample", parameters=parameters)
    await wait_until(lambda: run.timeline.facts["count"].get("work"), "the task started")
    return run


async def test_a_finished_run_leaves_nothing(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert run.status == "finished"
        assert_nothing_is_left()


async def test_a_failed_scenario_leaves_nothing_and_names_the_reason(tmp_path: Path) -> None:
    scenario = "def play(stage):\n    stage.serve()\n    raise KeyError('lamp')\n"
    async with playing(tmp_path, write_demo(tmp_path, scenario=scenario)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert (run.status, run.fault, run.reason) == (
            "failed",
            "demo",
            "scenario.py, line 3: KeyError: 'lamp'",
        )
        assert_nothing_is_left()


async def test_a_demo_that_does_not_start_fails_with_its_traceback(
    tmp_path: Path,
) -> None:
    async with playing(tmp_path, write_demo(tmp_path, main=MAIN + "\nboom\n")) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert (run.status, run.fault) == ("failed", "demo")
        assert "NameError: name 'boom' is not defined" in run.output
        assert_nothing_is_left()


async def test_a_cancelled_run_leaves_nothing_but_its_timeline(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await started(runs, **LONG)
        await runs.cancel(run.id)
        assert run.status == "cancelled"
        assert run.timeline.facts["order"] == ["start", "work"]
        assert_nothing_is_left()


async def test_a_run_that_takes_too_long_is_ended_by_its_limit(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path), run_seconds=0.5) as runs:
        run = await runs.wait((await runs.start("sample", parameters=LONG)).id, 20)
        assert (run.status, run.fault) == ("timed_out", "limit")
        assert run.reason == "It ran longer than 0.5 s."
        assert_nothing_is_left()


async def test_a_demo_that_forks_twice_into_a_new_session_does_not_escape(
    tmp_path: Path,
) -> None:
    async with playing(tmp_path, write_demo(tmp_path, main=STRAY)) as runs:
        run = await runs.start("sample")
        await runs.wait(run.id, 20)
        assert run.timeline.facts["count"]["work"] == 1
        await wait_until(lambda: not strays(), "the stray is gone")
        assert_nothing_is_left()


async def test_a_killed_supervisor_ends_all_processes_of_its_run(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path, main=STRAY)) as runs:
        run = await runs.start("sample", parameters=LONG)
        await wait_until(strays, "the stray is there")
        owners()[0].kill()
        await runs.wait(run.id, 20)
        assert (run.status, run.fault) == ("failed", "app")
        await wait_until(lambda: not strays(), "the stray is gone")
        assert_nothing_is_left()


async def test_a_killed_supervisor_is_reported_and_the_timeline_kept(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await started(runs, **LONG)
        owners()[0].kill()
        await runs.wait(run.id, 20)
        assert (run.status, run.fault) == ("failed", "app")
        assert run.reason == "The supervisor of the run was killed."
        assert run.timeline.facts["order"] == ["start", "work"]
        assert_nothing_is_left()


async def test_a_killed_zygote_fails_its_runs_and_is_started_again(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await started(runs, **LONG)
        zygote().kill()
        await runs.wait(run.id, 20)
        assert (run.status, run.fault) == ("failed", "app")
        await wait_until(lambda: not working() and not folders(), "the run's owner cleared up")
        again = await runs.wait((await runs.start("sample")).id, 20)
        assert again.status == "finished"


async def test_a_run_continues_when_its_watcher_leaves(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await runs.start("sample")
        async for _ in runs.watch(run.id):
            break
        await runs.wait(run.id, 20)
        assert run.status == "finished"
        assert_nothing_is_left()


async def test_closing_the_engine_ends_runs_and_zygotes(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await started(runs, **LONG)
        mother = zygote()
        assert folders_of(owners()[0])
    assert (run.status, run.fault) == ("failed", "app")
    assert not mother.is_running()
    assert_nothing_is_left()


@pytest.mark.parametrize("variant", ["celery", "rq"])
async def test_a_cancelled_run_with_a_broker_and_a_worker_leaves_nothing(
    tmp_path: Path, variant: str
) -> None:
    async with playing(tmp_path) as runs:
        run = await runs.start("crash", variant)
        await wait_until(lambda: run.timeline.facts["count"].get("bill"), "the job started")
        assert len(working()) >= 4  # scenario, web server, broker, worker
        assert (await runs.cancel(run.id)).status == "cancelled"
        assert_nothing_is_left()


async def with_rabbitmq(runs: Runs) -> Run:
    """A run whose RabbitMQ is up and whose task has started."""
    if reason := system_programs.missing(["rabbitmq-server"]):
        pytest.skip(reason)
    run = await runs.start("crash", "celery_rabbitmq")
    await wait_until(lambda: run.timeline.facts["count"].get("bill"), "the task started", 50)
    return run


def erlang() -> list[str]:
    """What of Erlang works in a run's folder; and its name daemon, wherever that works."""
    names = []
    for process in psutil.Process().children(recursive=True):
        # It may end between being listed and being asked.
        with contextlib.suppress(psutil.NoSuchProcess):
            names.append(process.name())
    daemons = [p.info["name"] for p in psutil.process_iter(["name"]) if p.info["name"] == "epmd"]
    return [name for name in names if "beam" in name] + daemons


async def test_rabbitmq_ends_with_its_run_and_has_no_name_daemon(tmp_path: Path) -> None:
    before = erlang()
    async with playing(tmp_path) as runs:
        run = await with_rabbitmq(runs)
        assert erlang() == ["beam.smp", *before]
        await runs.wait(run.id, 30)
        assert run.status == "finished"
        assert erlang() == before
        assert_nothing_is_left()


async def test_rabbitmq_ends_when_its_run_is_cancelled(tmp_path: Path) -> None:
    before = erlang()
    async with playing(tmp_path) as runs:
        run = await with_rabbitmq(runs)
        assert (await runs.cancel(run.id)).status == "cancelled"
        assert erlang() == before
        assert_nothing_is_left()


async def test_rabbitmq_ends_with_the_supervisor_of_its_run(tmp_path: Path) -> None:
    before = erlang()
    async with playing(tmp_path) as runs:
        run = await with_rabbitmq(runs)
        owners()[0].kill()
        await runs.wait(run.id, 20)
        assert (run.status, run.fault) == ("failed", "app")
        await wait_until(lambda: erlang() == before, "RabbitMQ is gone")
        assert_nothing_is_left()


async def test_rabbitmq_ends_with_the_supervisor_also_during_its_start(tmp_path: Path) -> None:
    before = erlang()
    async with playing(tmp_path) as runs:
        if reason := system_programs.missing(["rabbitmq-server"]):
            pytest.skip(reason)
        run = await runs.start("crash", "celery_rabbitmq")
        await wait_until(lambda: "beam.smp" in erlang(), "it boots")
        owners()[0].kill()
        await runs.wait(run.id, 20)
        await wait_until(lambda: erlang() == before, "RabbitMQ is gone")
        assert_nothing_is_left()


async def test_a_restarted_broker_has_its_port_and_its_saved_data(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path, scenario=BROKEN_BROKER)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert (run.status, run.reason) == ("finished", None)
        kept = {name: fact["value"] for name, fact in run.extra.items()}
        assert kept == {"with_file": 1, "without": 0}
        assert [e.name for e in run.timeline.events if e.event == "killed"] == ["valkey"] * 2
        assert_nothing_is_left()


BROKEN_BROKER = """
def play(stage):
    stage.zero()
    for name, append_only in (("with_file", True), ("without", False)):
        broker = stage.broker(append_only=append_only)
        broker.ask("RPUSH", "queue", "job")
        broker.kill()
        broker.start()
        stage.fact(name, broker.length("queue"), title="Left in the queue")
"""
