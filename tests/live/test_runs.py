"""The engine: what a run records, what limits it, how runs queue."""

import re
import time
from pathlib import Path

import pytest

from quiz.demos.model import ParameterError
from quiz.runs.engine import zygote_pool
from quiz.runs.errors import QueueFull, UnknownDemo, UnknownRun
from quiz.runs.scheduler import STARTS_AT_ONCE
from quiz.runs.serialization import dump, load
from tests.live.players import MAIN, SCENARIO, owners, playing, write_demo, zygotes
from tests.waiting import wait_until


async def test_the_shown_files_contain_the_values_of_the_learner(tmp_path: Path) -> None:
    async with playing(tmp_path) as runs:
        run = await runs.start("task_order", parameters={"task_a_seconds": 0.1})
        assert "TASK_A_SECONDS = 0.1\n" in run.source["one_by_one.py"]
        await runs.wait(run.id, 20)
        took = run.timeline.facts["call"]["task_a"]["took_ms"]
        assert took == pytest.approx(100, abs=60)


async def test_a_stored_run_is_read_back_unchanged(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await runs.wait((await runs.start("sample", learner="ada")).id, 20)
        again = load(dump(run))
        assert "ada" not in dump(run)
        assert again.timeline == run.timeline
        assert (again.source, again.versions) == (run.source, run.versions)


async def test_a_run_lists_its_versions(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert {"python", "fastapi", "starlette", "uvicorn"} <= set(run.versions)


async def test_a_learner_has_one_run_at_a_time_and_a_caller_without_cookie_any_number(
    tmp_path: Path,
) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        first = await runs.start("sample", learner="ada")
        assert (await runs.start("sample", learner="ada")).id == first.id
        others = [await runs.start("sample") for _ in range(2)]
        assert len({first.id, *(run.id for run in others)}) == 3
        for run in (first, *others):
            await runs.wait(run.id, 20)
        assert (await runs.start("sample", learner="ada")).id != first.id


async def test_runs_wait_for_memory_and_know_their_place(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path), memory_mb=50) as runs:
        first, second, third = [await runs.start("sample") for _ in range(3)]
        assert (second.status, second.place, third.place) == ("queued", 1, 2)
        assert third.wait_seconds is not None
        assert third.wait_seconds > 0
        await runs.cancel(second.id)
        assert (second.status, third.place) == ("cancelled", 1)
        assert (await runs.wait(third.id, 20)).status == "finished"
        assert first.status == "finished"


async def test_the_number_of_starts_at_once_is_limited(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        await runs.wait((await runs.start("sample")).id, 20)
        asked = [await runs.start("sample") for _ in range(STARTS_AT_ONCE + 3)]
        starting = [run for run in asked if run.status == "running" and run.zero_ns is None]
        assert len(starting) <= STARTS_AT_ONCE
        assert asked[-1].status == "queued"
        for run in asked:
            assert (await runs.wait(run.id, 20)).status == "finished"


async def test_runs_that_waited_for_an_environment_start_in_order_and_limited(
    tmp_path: Path,
) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        # The server has just begun: its environment is not warm yet.
        asked = [await runs.start("sample") for _ in range(STARTS_AT_ONCE + 3)]
        assert {run.status for run in asked} == {"queued"}

        def have_run() -> bool:
            starting = [run for run in asked if run.status == "running" and run.zero_ns is None]
            assert len(starting) <= STARTS_AT_ONCE
            return all(run.is_over for run in asked)

        await wait_until(have_run, "all have run", 20)
        begun = [run.started for run in asked]
        assert begun == sorted(begun, key=str)


async def test_a_full_queue_names_the_time_to_retry(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path), memory_mb=50, queue_length=1) as runs:
        await runs.start("sample")
        await runs.start("sample")
        with pytest.raises(QueueFull, match="Too many runs are waiting") as full:
            await runs.start("sample")
        assert full.value.retry_after >= 1


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"variant": "gatherd"}, "variant: .*Did you mean gathered"),
        ({"environment": "curent"}, "environment: .*Did you mean current"),
        ({"parameters": {"task_a_secnds": 1}}, "task_a_secnds: "),
        ({"parameters": {"task_a_seconds": 99}}, "task_a_seconds: "),
        ({"parameters": {"task_a_seconds": "x"}}, "task_a_seconds: "),
    ],
)
async def test_an_impossible_request_for_a_run_is_refused_by_name(
    tmp_path: Path, asked: dict[str, object], named: str
) -> None:
    async with playing(tmp_path) as runs:
        with pytest.raises(ParameterError, match=named):
            await runs.start("task_order", **asked)  # type: ignore[arg-type]


async def test_unknown_demos_and_runs_are_errors_with_a_hint(tmp_path: Path) -> None:
    async with playing(tmp_path) as runs:
        with pytest.raises(UnknownDemo, match="Did you mean task_order"):
            await runs.start("task_ordr")
        with pytest.raises(UnknownRun):
            await runs.get("nowhere")


async def test_output_is_stored_up_to_its_limit_and_counted_beyond(tmp_path: Path) -> None:
    main = MAIN.replace("await asyncio.sleep(SECONDS)", "print('x' * 100_000, flush=True)")
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert 60_000 < len(run.output) <= 65_536
        assert run.output_bytes > 100_000


async def test_events_beyond_the_limit_are_only_counted(tmp_path: Path) -> None:
    main = MAIN.replace("await asyncio.sleep(SECONDS)", "[tick() for _ in range(300)]")
    main += "\n\ndef tick() -> None:\n    pass\n"
    async with playing(tmp_path, write_demo(tmp_path, main=main), run_events=100) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert len(run.events) == 100
        assert run.events_seen > 600


async def test_a_run_that_uses_too_much_memory_is_ended(tmp_path: Path) -> None:
    main = MAIN.replace("await asyncio", "held = b'x' * 400_000_000\n    await asyncio")
    async with playing(tmp_path, write_demo(tmp_path, main=main), run_memory_mb=250) as runs:
        run = await runs.start("sample", parameters={"seconds": 50})
        await runs.wait(run.id, 20)
        assert run.reason == "It used more than 250 MB of memory."
        assert (run.status, run.fault) == ("failed", "limit")


async def test_a_run_with_too_many_processes_is_ended(tmp_path: Path) -> None:
    forks = "[os.fork() or time.sleep(50) for _ in range(10)]; time.sleep(50)"
    main = MAIN.replace("await asyncio.sleep(SECONDS)", forks)
    main = main.replace("import asyncio\n", "import asyncio\nimport os\nimport time\n")
    async with playing(tmp_path, write_demo(tmp_path, main=main), run_processes=6) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert run.reason == "It started more than 6 processes."
        assert (run.status, run.fault) == ("failed", "limit")


async def test_a_run_on_a_busy_machine_is_marked(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await runs.start("sample", parameters={"seconds": 1})
        await wait_until(lambda: run.timeline.facts["count"].get("work"), "the task started")
        owner, since = owners()[0], time.monotonic()
        owner.suspend()
        await wait_until(lambda: time.monotonic() > since + 0.3, "the owner missed its time")
        owner.resume()
        await runs.wait(run.id, 20)
        assert run.status == "finished"
        assert run.disturbed


async def test_a_python_process_started_by_the_demo_is_recorded_too(tmp_path: Path) -> None:
    child = "subprocess.run([sys.executable, '-c', 'import main; main.hello()'])"
    main = MAIN.replace("await asyncio.sleep(SECONDS)", child)
    main = main.replace("import asyncio\n", "import asyncio\nimport subprocess\nimport sys\n")
    main += "\n\ndef hello() -> None:\n    pass\n"
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        facts = run.timeline.facts
        assert facts["count"]["hello"] == 1
        assert facts["processes"] == 2
        assert facts["call"]["hello"]["process"] != facts["call"]["work"]["process"]


async def test_an_error_passed_through_an_await_is_named_where_it_was_raised(
    tmp_path: Path,
) -> None:
    main = MAIN.replace("await asyncio.sleep(SECONDS)", "await deeper()")
    main += (
        "\n\nasync def deeper() -> None:\n    await asyncio.sleep(0)\n    raise ValueError('no')\n"
    )
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        facts = run.timeline.facts
        assert facts["errors"] == ["ValueError: no"]
        assert facts["call"]["work"]["error"] == "ValueError: no"
        assert "ValueError: no" in run.output


async def test_steps_and_extra_facts_come_from_the_scenario(tmp_path: Path) -> None:
    scenario = SCENARIO + "    stage.step('All is done.')\n"
    scenario += "    stage.fact('lamps', 3, title='Lamps', unit='lamps')\n"
    async with playing(tmp_path, write_demo(tmp_path, scenario=scenario)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert run.steps[-1] == "All is done."
        assert run.extra == {"lamps": {"value": 3, "title": "Lamps", "unit": "lamps"}}
        assert run.timeline.facts["extra"] == {"lamps": 3}


async def test_a_restarted_server_marks_the_runs_that_it_lost(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await runs.start("sample", parameters={"seconds": 50})
        # The row of an unfinished run says "queued", as a SIGKILL would leave it.
        async with playing(tmp_path) as later:
            found = await later.get(run.id)
            assert (found.status, found.fault) == ("failed", "app")
            assert found.reason == "The server stopped while it ran."


async def test_a_run_that_ends_just_before_the_server_stops_is_stored(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    async with playing(tmp_path) as later:
        found = await later.get(run.id)
        assert (found.status, found.timeline) == ("finished", run.timeline)


async def test_a_waiting_run_is_executed_after_its_demo_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(tmp_path, write_demo(tmp_path), memory_mb=50) as runs:
        first, second = [await runs.start("sample") for _ in range(2)]
        monkeypatch.setattr(runs, "_demos", dict)
        for run in (first, second):
            assert (await runs.wait(run.id, 20)).status == "finished"


async def test_an_unused_environment_frees_its_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zygote_pool, "IDLE_SECONDS", 0.2)
    async with playing(tmp_path) as runs:
        asked = {"variant": "dependency_commit", "environment": "fastapi-0.117"}
        run = await runs.start("failing_task", **asked)  # type: ignore[arg-type]
        await wait_until(lambda: len(zygotes()) == 2, "its zygote is there", 20)
        await runs.wait(run.id, 20)
        await wait_until(lambda: len(zygotes()) == 1, "its zygote has retired", 20)


async def test_the_timeline_agrees_with_a_clock_that_the_task_reads_itself(tmp_path: Path) -> None:
    reads = "print('began', time.monotonic_ns(), flush=True)\n    await asyncio.sleep(SECONDS)"
    reads += "\n    print('ended', time.monotonic_ns(), flush=True)"
    main = MAIN.replace("await asyncio.sleep(SECONDS)", reads)
    main = main.replace("import asyncio\n", "import asyncio\nimport time\n")
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        told = dict(re.findall(r"(began|ended) (\d+)", run.output))
        work = run.timeline.facts["call"]["work"]
        assert run.zero_ns is not None
        began, ended = ((int(told[word]) - run.zero_ns) / 1e6 for word in ("began", "ended"))
        assert work["started_ms"] <= began <= work["started_ms"] + 15.0
        assert ended <= work["ended_ms"] <= ended + 15.0


async def test_a_slow_watcher_still_sees_the_end_of_a_run(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path)) as runs:
        run, seen = await runs.start("sample"), list[bool]()
        async for now in runs.watch(run.id):
            seen.append(now.is_over)
            await wait_until(lambda: run.is_over, "it has ended meanwhile", 20)
        assert seen == [False, True]


async def test_samples_of_a_scenario_are_a_curve_of_the_run(tmp_path: Path) -> None:
    scenario = """
def play(stage):
    stage.serve()
    stage.post("/")
    asking = stage.keep_asking("/openapi.json", "ping_ms", every=0.01)
    stage.settle()
    stage.fact("slowest", max(asking.stop()), title="The slowest answer", unit="ms")
"""
    more = "curves: {ping_ms: {title: Latency, unit: ms, about: Each answer.}}\n"
    async with playing(tmp_path, write_demo(tmp_path, scenario=scenario, more=more)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        (curve,) = run.timeline.curves
        assert (curve.title, curve.unit) == ("Latency", "ms")
        assert max(value for _, value in curve.points) == run.extra["slowest"]["value"]
        assert [at for at, _ in curve.points] == sorted(at for at, _ in curve.points)
        assert load(dump(run)).timeline == run.timeline


async def test_an_undeclared_curve_is_refused_by_name(tmp_path: Path) -> None:
    scenario = "def play(stage):\n    stage.serve()\n    stage.sample('mem' + 'ory', 1.0)\n"
    async with playing(tmp_path, write_demo(tmp_path, scenario=scenario)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert run.status == "failed"
        assert (run.reason or "").endswith("memory is not declared under curves: in demo.yaml.")
