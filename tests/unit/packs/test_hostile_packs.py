"""Packs that were written to stop the app: each is refused, and the other packs are read."""

import os
import time
from pathlib import Path

import pytest

from quiz.demos.locks import folders
from quiz.packs.catalog import CatalogStore, load
from quiz.packs.check import check
from quiz.runs.engine.environments import Environments
from tests import packs
from tests.packs import SOUND, sound, write, write_demo

NESTED = "[0,1,2,3,4,5,6,7,8,9].all(a, " * 9 + "background_ms > 0 - a" + ")" * 9
COSTLY = """\
  - id: costly-{n}
    kind: number
    topic: order
    difficulty: 1
    demo: {{name: task_order}}
    stem: How many seconds in all?
    answer: 3
    fact: (processes){ones}
    explanation: The sum.
""".replace("{ones}", "+1" * 60)
ATTACKS = {
    "nine nested loops": (
        sound(("background_ms < 2500.0", f"'{NESTED}'")),
        '15:97: questions[0].options["Two seconds"].holds: loops within loops: all.',
    ),
    "100 kB of brackets": ("[" * 100_000, "is nested deeper than 50 levels. Nest less."),
    "a number of 1 MB": (
        sound(("difficulty: 1", "difficulty: 0x" + "f" * 1_000_000)),
        "9:17: is a number of 1,000,002 characters. Write it with at most 40, or in quotes.",
    ),
    "a control character in a key": (
        SOUND + '"\\e]0;owned\\a": 1\n',
        "46:1: has the control character U+001B. Remove it.",
    ),
    "20 MB": ("# " + "x" * 20_000_000, "1:1: is larger than 10 MB. Split it into several files."),
    "6,000 values in the place of a claim": (
        sound(("background_ms < 2500.0", f"[{'true, ' * 6000}]")),
        "holds: must be an expression in quotes.",
    ),
    "6,000 claims": (
        sound(("holds: background_ms < 2500.0", f"either: [{'processes > 0, ' * 6000}]")),
        "is one of more than 5,000 claims, those of each vary counted. Split the pack.",
    ),
    "questions with costly claims": (
        SOUND + "".join(COSTLY.format(n=n) for n in range(4800)),
        "over 50,000 names, numbers and signs, those of each vary counted. Split the pack.",
    ),
    "1,500 lines to put in order": (
        sound(
            (
                "      - {id: b,",
                "".join(f"      - {{id: i{n}, text: t}}\n" for n in range(1500))
                + "      - {id: b,",
            ),
            ("[[a, b], [c, b]]", f"[{', '.join(f'[i{n}, i{n + 1}]' for n in range(1499))}]"),
        ),
        "questions[1].items: has 1503 entries. Leave at most 50.",
    ),
    "a question that is asked with 3,000 numbers": (
        sound(("excerpt: create_item", f"vary: [{'{task_a_seconds: 1}, ' * 3000}]")),
        "is one of more than 5,000 claims, those of each vary counted. Split the pack.",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_pack_is_refused_in_seconds_and_the_others_are_served(
    tmp_path: Path, name: str
) -> None:
    text, expected = ATTACKS[name]
    file = write(tmp_path / "more", text, "hostile.yaml")
    write(tmp_path / "more", SOUND)
    before = time.process_time()
    catalog = load(packs.settings(tmp_path, tmp_path / "more"))
    assert time.process_time() - before < 5
    assert expected in str(catalog.broken[0].problems[0])
    assert str(file) in str(catalog.broken[0].problems[0])
    assert {"small", "background-tasks"} <= set(catalog.packs)


def test_a_pipe_and_a_link_in_place_of_a_pack_are_refused_at_once(tmp_path: Path) -> None:
    write(tmp_path / "more", SOUND)
    os.mkfifo(tmp_path / "more" / "a.yaml")
    (tmp_path / "secret").write_text("password: hunter2")
    (tmp_path / "more" / "b.yaml").symlink_to(tmp_path / "secret")
    catalog = CatalogStore(packs.settings(tmp_path, tmp_path / "more", reload=True)).catalog
    told = [str(problem) for broken in catalog.broken for problem in broken.problems]
    assert told[0].endswith("a.yaml:1:1: is a pipe. Only regular files are read.")
    assert told[1].endswith(
        "b.yaml:1:1: is a link. Put the file itself here: links are not followed."
    )
    assert "hunter2" not in "".join(told)
    assert "small" in catalog.packs


@pytest.mark.parametrize("name", ["scenario.py", "tiny.py", "demo.yaml"])
def test_a_pipe_in_place_of_a_demo_s_file_is_refused_at_once(tmp_path: Path, name: str) -> None:
    file = write_demo(tmp_path / "more" / "demos") / name
    file.unlink()
    os.mkfifo(file)
    problems = check(packs.settings(tmp_path, tmp_path / "more")).problems
    assert any(name in str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = " + "(" * 50_000, "is not Python here: too many nested parentheses."),
        ("x = " + "-" * 90_000 + "1", "tiny.py:1:1: is nested too deep to be read. Nest less."),
        ("x = a" + ".b" * 45_000, "tiny.py:1:1: is nested too deep to be read. Nest less."),
        ("# " + "x" * 100_000, "tiny.py:1:1: is larger than 100 kB. Split it"),
        ("# \x1b[31mred", "tiny.py:1:1: has the control character U+001B. Remove it."),
        ("WAIT_SECONDS = 0x" + "f" * 5000, "no file has the constant WAIT_SECONDS."),
        ("WAIT_SECONDS = 1e999", "no file has the constant WAIT_SECONDS."),
    ],
    ids=range(7),
)
def test_a_demo_file_that_crashes_the_parser_is_refused(
    tmp_path: Path, code: str, expected: str
) -> None:
    write_demo(tmp_path / "more" / "demos", code=code)
    problems = check(packs.settings(tmp_path, tmp_path / "more")).problems
    assert any(expected in str(problem) for problem in problems), list(map(str, problems))


def test_a_lock_with_a_shipped_name_is_reported_and_not_used(tmp_path: Path) -> None:
    root = tmp_path / "more"
    (root / "environments").mkdir(parents=True)
    (root / "environments" / "current.txt").write_text("evil==1\n")
    (problem,) = check(packs.settings(tmp_path, root)).problems
    assert "current.txt:1:1: the environment current is in " in str(problem)
    assert "Rename this file, and the environment in demo.yaml." in str(problem)
    environments = Environments(folders((root,)), tmp_path)
    assert "evil" not in environments.get("current").lock.read_text()


def test_an_exception_caused_by_a_pack_stops_no_other_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("quiz.packs.loader.check_limits", overflow)
    file = write(tmp_path / "more", SOUND)
    catalog = load(packs.settings(tmp_path, tmp_path / "more"))
    expected = "small.yaml:1:1: cannot be read: RecursionError. This is a fault of After Response:"
    assert any(expected in str(broken.problems[0]) for broken in catalog.broken)
    assert file.exists()
