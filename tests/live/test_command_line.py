"""The command line that a page shows, run in a shell, and real runs of `quiz run`."""

import html
import re
import shutil
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from quiz.__main__ import main
from quiz.runs import serialization
from quiz.runs.engine.environments import Environments
from quiz.settings import Settings
from tests.serving import served


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("query", ["", "?variant=both&write_seconds=0.1"])
def test_the_printed_command_works(settings: Settings, query: str) -> None:
    with served(settings) as (host, port):
        with urlopen(f"http://{host}:{port}/demos/after_response{query}") as page:
            printed = re.search(r"data-curl>(.+?)</pre>", page.read().decode())
        assert printed
        command = html.unescape(printed[1])
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, timeout=30, check=True
        )
    assert "POST /items" in done.stdout
    assert "response sent" in done.stdout


def saved(capsys: pytest.CaptureFixture[str], file: Path) -> tuple[int, str]:
    """How it ends and what it says; on a busy machine a run may decide nothing, and is repeated."""
    short = ("--set", "query_seconds=0.1", "--set", "chart_seconds=0.1")
    for _ in range(5):
        code = main(["run", "one_request", *short, "--save", str(file)])
        said = capsys.readouterr().err
        if "decides nothing" not in said:
            return code, said
    raise AssertionError("The machine is too busy for any run to decide.")


def test_a_run_is_saved_in_the_format_of_the_first_page(
    environments: Environments, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run.json"
    assert saved(capsys, file)[0] == 0
    run = serialization.load(file.read_text(encoding="utf-8"))
    assert run.parameters == {"query_seconds": 0.1, "chart_seconds": 0.1}
    assert [span.name for span in run.timeline.spans][:2] == ["GET /report", "read_report"]


def test_a_file_that_cannot_be_written_is_reported(
    environments: Environments, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = saved(capsys, tmp_path)
    assert code == 1
    assert f"{tmp_path} cannot be written: Is a directory." in said
