"""Attacks of another user of the machine, and of a hostile demo, on a run."""

import asyncio
import os
import re
import socket
import subprocess
from pathlib import Path

import psutil
import pytest

from quiz.demos import system_programs
from quiz.runs.run import Run
from quiz.runs.service import Runs
from tests.live.players import MAIN, playing, write_demo, zygote
from tests.waiting import wait_until

NOBODY = 65534
BROKER = """
def play(stage):
    stage.serve()
    stage.broker()
    stage.post("/")
    stage.settle(40)
"""
RABBITMQ = BROKER.replace("stage.broker()", "stage.rabbitmq()")
ATTACK = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5) as line:
    line.sendall(bytes.fromhex(sys.argv[2]))
    print(line.recv(4096)[-2000:])
"""
WRITE = b"RPUSH arq:queue evil\r\n"


def as_another_user(port: int, words: bytes) -> str:
    """What a user without rights hears; the same user, where we may not become another."""
    user = NOBODY if os.geteuid() == 0 else None
    # The system's Python: another user may not be able to enter the folder of ours.
    command = ["/usr/bin/python3", "-I", "-c", ATTACK, str(port), words.hex()]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, user=user, cwd="/", check=True
    )
    return done.stdout


def listening(name: str) -> list[int]:
    """The ports of a run's program of that name."""
    below = [p for p in zygote().children(recursive=True) if name in p.name()]
    return [c.laddr.port for p in below for c in p.net_connections() if c.status == "LISTEN"]


async def started(runs: Runs) -> Run:
    run = await runs.start("sample", parameters={"seconds": 30})
    await wait_until(lambda: run.timeline.facts["count"].get("work"), "the task started", 50)
    return run


async def test_another_user_cannot_write_into_a_runs_queue(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path, scenario=BROKER)) as runs:
        run = await started(runs)
        (port,) = listening("valkey")
        assert "NOAUTH" in await asyncio.to_thread(as_another_user, port, WRITE)
        await runs.cancel(run.id)


async def test_no_argument_of_a_process_contains_the_password(tmp_path: Path) -> None:
    scenario = BROKER.replace("    stage.post", "    print(stage.redis_url)\n    stage.post")
    async with playing(tmp_path, write_demo(tmp_path, scenario=scenario)) as runs:
        run = await started(runs)
        password = run.output.partition("redis://:")[2].partition("@")[0]
        assert len(password) >= 24
        arguments = [" ".join(p.cmdline()) for p in zygote().children(recursive=True)]
        assert not any(password in text for text in arguments)
        await runs.cancel(run.id)


@pytest.mark.skipif(not system_programs.find("rabbitmq-server"), reason="RabbitMQ is not installed")
async def test_the_rabbitmq_of_a_run_accepts_its_user_and_not_guest(tmp_path: Path) -> None:
    needs = "    needs: [rabbitmq-server]\n"
    scenario = RABBITMQ.replace("stage.rabbitmq()", "print(stage.rabbitmq().url, flush=True)")
    async with playing(tmp_path, write_demo(tmp_path, scenario=scenario, more=needs)) as runs:
        run = await started(runs)
        user, password, port = re.findall(r"amqp://(\w+):([\w-]+)@127.0.0.1:(\d+)//", run.output)[0]
        assert await asyncio.to_thread(admits, int(port), user, password)
        assert not await asyncio.to_thread(admits, int(port), "guest", "guest")
        await runs.cancel(run.id)


def admits(port: int, user: str, password: str) -> bool:
    """Whether a broker lets a user in: in AMQP 0-9-1 it then goes on with `connection.tune`."""
    response = f"\0{user}\0{password}".encode()
    start_ok = b"".join(
        (
            bytes.fromhex("000a 000b 00000000"),  # connection.start-ok, no properties
            b"\x05PLAIN",
            len(response).to_bytes(4, "big"),
            response,
            b"\x05en_US",
        )
    )
    frame = b"\x01\x00\x00" + len(start_ok).to_bytes(4, "big") + start_ok + b"\xce"
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        line.sendall(b"AMQP\x00\x00\x09\x01")
        line.recv(4096)
        line.sendall(frame)
        try:
            return line.recv(4096)[7:11] == bytes.fromhex("000a 001e")
        except ConnectionResetError:
            return False


BOMB = """
    until = time.monotonic() + 4
    while time.monotonic() < until:
        os.fork()
"""


async def bomb_lasts_ms(runs: Runs) -> float:
    """From the bomb's start to the moment at which its run was stopped."""
    run = await runs.wait((await runs.start("sample")).id, 50)
    assert run.reason == "It started more than 40 processes."
    assert len(psutil.Process().children(recursive=True)) < 20
    begun_ms: float = run.timeline.facts["call"]["work"]["started_ms"]
    return (run.timeline.stopped_ms or 0.0) - begun_ms


@pytest.mark.quiet
@pytest.mark.timeout(180)
async def test_a_fork_bomb_is_ended_within_a_second(tmp_path: Path) -> None:
    """Seen: it had 497 processes and lasted 84 s."""
    main = MAIN.replace("    await asyncio.sleep(SECONDS)\n", BOMB)
    main = main.replace("import asyncio\n", "import os\nimport time\n")
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        # A machine that does something else at that moment is given another chance.
        tries = [await bomb_lasts_ms(runs) for _ in range(3)]
    assert min(tries) < 1000


async def test_a_run_that_fills_the_disk_is_ended_by_its_limit(tmp_path: Path) -> None:
    fill = "[open(name, 'wb').write(b'x' * 15_000_000) for name in 'ab']; await asyncio.sleep(9)"
    main = MAIN.replace("await asyncio.sleep(SECONDS)", fill)
    async with playing(tmp_path, write_demo(tmp_path, main=main), run_disk_mb=20) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    assert run.reason == "It wrote more than 20 MB to the disk."


LONG = """
def play(stage):
    stage.zero()
    stage.fact("long", "x" * 1_300_000, title="Long")
"""
ROUGH = """
import json
def play(stage):
    stage.zero()
    said = json.dumps({"pages": {"title": "x" * 50_000, "port": 1}})
    getattr(getattr(stage, '_link'), '_control').sendall(said.encode() + b"\\n")
    stage.pause(5)
"""


async def test_a_fact_that_is_too_long_fails_only_its_run(tmp_path: Path) -> None:
    """Seen: all later runs of the environment stayed "running" for ever."""
    async with playing(tmp_path, write_demo(tmp_path, scenario=LONG)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert (run.status, run.fault) == ("failed", "demo")
        assert "The fact long has 1,300,0" in (run.reason or "")
        again = await runs.wait((await runs.start("one_request")).id, 20)
        assert again.status == "finished"


async def test_a_malformed_message_fails_only_its_run(tmp_path: Path) -> None:
    async with playing(tmp_path, write_demo(tmp_path, scenario=ROUGH)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert (run.status, run.fault) == ("failed", "demo")
        assert "A message of this run has" in (run.reason or "")
        again = await runs.wait((await runs.start("one_request")).id, 20)
        assert again.status == "finished"


FORGED = """
    with open("../events", "wb", buffering=0) as pipe:
        pipe.write(b'LINE\\n')
    await asyncio.sleep(SECONDS)
"""
LINES = (
    '{"t": 1, "event": "started", "name": "x", "lane": "x", "process": 1, "thread": "t",'
    ' "detail": {}, "extra": 1}',
    '{"t": 1, "event": "received", "name": "x", "lane": "x", "process": 1, "thread": "t",'
    ' "detail": {"request": "1-1"}}',
    "[" * 500,
    "x" * 20_000,
)


@pytest.mark.parametrize("line", LINES, ids=["key", "port", "nested", "long"])
async def test_a_forged_event_fails_only_its_run(tmp_path: Path, line: str) -> None:
    """Seen: it killed the zygote, and with it every run of the environment."""
    forged = FORGED.replace("LINE", line)
    main = MAIN.replace("    await asyncio.sleep(SECONDS)\n", forged)
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        other = await runs.start("one_request")
        run = await runs.wait((await runs.start("sample")).id, 20)
        assert (run.status, run.fault) == ("failed", "demo")
        assert "A process of this run wrote" in (run.reason or "")
        assert (await runs.wait(other.id, 20)).status == "finished"


async def test_names_of_any_length_break_no_line_and_lose_no_error(tmp_path: Path) -> None:
    long = 'threading.current_thread().name = "t" * 5000\n    raise ValueError("\U0001f600" * 300)'
    main = MAIN.replace("await asyncio.sleep(SECONDS)", long)
    main = main.replace("import asyncio\n", "import threading\n").replace("work", "w" * 170)
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    assert run.status == "finished"
    assert [error.startswith("ValueError") for error in run.timeline.facts["errors"]] == [True]


async def test_a_deleted_file_cannot_grow_beyond_the_limit_of_the_disk(tmp_path: Path) -> None:
    fill = """
    with open("gone", "wb") as file:
        os.unlink("gone")
        for _ in range(60):
            file.write(b"x" * 1_000_000)
"""
    main = MAIN.replace("    await asyncio.sleep(SECONDS)\n", fill)
    main = main.replace("import asyncio\n", "import os\n")
    async with playing(tmp_path, write_demo(tmp_path, main=main), run_disk_mb=20) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    assert "File too large" in run.timeline.facts["call"]["work"]["error"]


async def test_a_lambda_that_ran_is_not_reported_as_lost(tmp_path: Path) -> None:
    main = MAIN.replace("add_task(work)", "add_task(lambda: None)")
    async with playing(tmp_path, write_demo(tmp_path, main=main)) as runs:
        run = await runs.wait((await runs.start("sample")).id, 20)
    assert (run.timeline.facts["lost"], run.timeline.facts["undone"]) == ([], [])
