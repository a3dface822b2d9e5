"""Both probes tell the same of the same demos: that of this Python and that of another one.

`scripts/try_pythons.py` names the other Python in OTHER_PYTHON and gives it the tests' packages.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.live.facts_of_demos import WANTED
from tests.live.once import Play, facts_of

ROOT = Path(__file__).parents[2]
OTHER = os.environ.get("OTHER_PYTHON")
pytestmark = pytest.mark.skipif(not OTHER, reason="scripts/try_pythons.py compares the Pythons")
# Times that a busy machine adds to, far below what any demo waits for.
NOISE_MS = 250.0
TIMES = ("background_ms", "loop_blocked_ms", "loop_blocked_total_ms")
# Process ids, ports and job ids differ from run to run.
NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|0x[0-9a-f]+|\d{3,}")


Facts = dict[str, Any]


def facts(python: str, *demos: str) -> dict[str, Facts]:
    """The facts of each demo, played again under a Python."""
    command = [*shlex.split(python), "-P", "-m", "tests.live.facts_of_demos", *demos]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Facts] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def others() -> dict[str, Facts]:
    return facts(OTHER or "")


def plain(text: object) -> str:
    return NUMBERS.sub("N", str(text))


def outline(facts: Facts) -> dict[str, Any]:
    """What repeats from run to run: what was called where, how it ended, what was answered."""
    told = ("name", "lane", "error", "attempt", "background")
    # How often a client asks again until work is done depends on the machine.
    work = {call["name"] for call in facts["calls"] if call["background"]}
    return {
        "responses": sorted({plain((r["name"], r.get("status"))) for r in facts["responses"]}),
        "calls": sorted({plain([call.get(name) for name in told]) for call in facts["calls"]}),
        "errors": sorted({plain(error) for error in facts["errors"]}),
        "count": {name: n if name in work else n > 0 for name, n in facts["count"].items()},
        **{name: facts[name] for name in ("lost", "undone", "doubled", "processes")},
        "times": [name for name in TIMES if name in facts],
    }


def difference(here: Facts, there: Facts) -> list[str]:
    told, other = outline(here), outline(there)
    times = [
        f"{name}: {here.get(name)} != {there.get(name)}"
        for name in TIMES
        if there.get(name, 0.0) != pytest.approx(here.get(name, 0.0), rel=0.1, abs=NOISE_MS)
    ]
    facts = [f"{name}: {told[name]} != {other[name]}" for name in told if told[name] != other[name]]
    return facts + times


@pytest.mark.parametrize("demo", [asked.demo for asked in WANTED])
def test_a_demo_has_the_same_facts_under_another_python(
    play: Play, others: dict[str, Facts], demo: str
) -> None:
    if difference(facts_of(play(demo)), others[demo]):
        # A busy machine changes a run, but hardly two runs in the same way.
        again = facts(sys.executable, demo), facts(OTHER or "", demo)
        assert difference(again[0][demo], again[1][demo]) == []
