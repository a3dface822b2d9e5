"""Open streams do not delay the server: it stops within a second."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from quiz.settings import Settings

BODY = json.dumps({"parameters": {"task_a_seconds": 5, "task_b_seconds": 5}}).encode()


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`quiz serve` as a learner starts it, and where it says that it is."""
    environ = os.environ | {"QUIZ_DATA": str(settings.data), "QUIZ_CACHE": str(settings.cache)}
    with subprocess.Popen(
        [sys.executable, "-m", "quiz", "serve", "--port", "0"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, line + process.stdout.read()
            yield process, found[0]
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_an_open_stream_stops_at_once(
    settings: Settings, number: signal.Signals
) -> None:
    with serving(settings) as (process, address):
        ask = urllib.request.Request(f"{address}/sandbox/task_order/runs", BODY)
        with urllib.request.urlopen(ask) as answer:
            run = json.load(answer)["id"]
        stream = urllib.request.urlopen(f"{address}/sandbox/runs/{run}/events")
        assert stream.readline().startswith(b"id: ")
        asked = time.monotonic()
        process.send_signal(number)
        stream.read()
        assert time.monotonic() - asked < 1
        # uvicorn ends by the signal that it got.
        assert process.wait(5) in (0, -number)
        assert process.stdout
        assert process.stdout.read() == "Stop it with Ctrl+C.\n"
        stream.close()
