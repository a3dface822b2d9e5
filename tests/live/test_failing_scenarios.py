"""A failed scenario is reported with its line, its step and the remedy."""

from pathlib import Path

import pytest

from quiz.runs.run import Run
from tests.live.players import MAIN, playing, write_demo

IDLE = MAIN + "\nif __name__ == '__main__':\n    import time\n\n    time.sleep(60)\n"


async def played(folder: Path, scenario: str, main: str = MAIN) -> Run:
    async with playing(folder, write_demo(folder, scenario=scenario, main=main)) as runs:
        return await runs.wait((await runs.start("sample")).id, 30)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "raise KeyError('lamp')",
            "scenario.py, line 4, in the step 'Light the lamp.': KeyError: 'lamp'",
        ),
        (
            "stage.post('/')",
            "scenario.py, line 4, in the step 'Light the lamp.': "
            "The scenario sends a request before it has started a server: call serve() first.",
        ),
    ],
)
async def test_a_failed_scenario_is_reported_with_file_line_and_reason(
    tmp_path: Path, line: str, reason: str
) -> None:
    scenario = (
        f"def play(stage):\n    stage.zero()\n    stage.step('Light the lamp.')\n    {line}\n"
    )
    run = await played(tmp_path, scenario)
    assert (run.status, run.fault, run.reason) == ("failed", "demo", reason)


async def test_a_program_that_is_never_ready_fails_after_ten_seconds(
    tmp_path: Path,
) -> None:
    scenario = "def play(stage):\n    stage.zero()\n    stage.start('python', 'main.py')\n"
    run = await played(tmp_path, scenario, IDLE)
    assert run.status == "failed"
    assert run.reason == (
        "scenario.py, line 3: `python main.py` did not say within 10 s that it takes jobs. "
        "If it takes none, start it with ready=False."
    )
