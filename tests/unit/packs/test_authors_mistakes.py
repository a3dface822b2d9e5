"""Mistakes of an author in a demo, reported with the place and the remedy."""

from pathlib import Path

import pytest

from quiz.demos.loader import load_demos
from quiz.packs.catalog import load
from quiz.packs.check import check
from tests import packs
from tests.packs import DEMO, SOUND, write, write_demo

ABOUT_TINY = """\
pack: small
title: A small pack
topics: {first: {title: First}}
questions:
  - id: one
    kind: number
    topic: first
    difficulty: 1
    demo: {name: tiny}
    stem: How often does it run?
    answer: 1
    fact: count.outer
    explanation: Once.
"""


def told(tmp_path: Path, scenario: str = "", data: str = DEMO) -> list[str]:
    """The problems of a demo, without the folder that it is in."""
    folder = write_demo(tmp_path / "more" / "demos", data=data)
    if scenario:
        (folder / "scenario.py").write_text(scenario)
    _, problems = load_demos(tmp_path / "more" / "demos")
    return [str(problem).rpartition("tiny/")[2] for problem in problems]


def play(line: str) -> str:
    return f"def play(stage):\n    {line}\n"


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("x = 1\n", "scenario.py:1:1: has no play(stage). Write def play(stage: Stage) -> None:"),
        (play("stage.serve("), "scenario.py:2:16: is not Python here: '(' was never closed."),
        (
            "return\n" + play("pass"),
            "scenario.py:1:1: is not Python here: 'return' outside function.",
        ),
        (
            "async def play(stage): ...\n",
            "scenario.py:1:1: play is async. Write def: nothing awaits",
        ),
        (
            "def play(a, b): ...\n",
            "scenario.py:1:1: play takes 2 arguments. Write def play(stage):",
        ),
        (
            play("stage.serv()"),
            "scenario.py:2:5: the stage has no method serv. Did you mean serve?",
        ),
        (
            play("x = stage.variants"),
            "scenario.py:2:9: the stage has no attribute variants. There are: ",
        ),
        (
            play('stage.fact("line", 1, title="Lines")'),
            "scenario.py:2:16: line is not declared under extra: in demo.yaml. "
            "Add it there: line: {title: …, about: …}.",
        ),
        (
            play('stage.sample(name="waits", value=1)'),
            "scenario.py:2:23: waits is not declared under curves: in demo.yaml.",
        ),
        (play('stage.fact("lines", 1)'), "scenario.py:2:5: fact() needs title. Write title=…."),
        (
            play("stage.settle(second=3)"),
            "scenario.py:2:18: settle() takes no second. Did you mean seconds?",
        ),
        (
            play('stage.until("started", "outer", 2)'),
            "scenario.py:2:5: until() takes 2 arguments by place. Name the others: count, seconds.",
        ),
        (
            "def wait(shown: Stage): shown.settel()\n" + play("wait(stage)"),
            "scenario.py:1:25: the stage has no method settel. Did you mean settle?",
        ),
        (
            "from quiz.runs.stage.scenario import Stage\n" + play("stage.settle()"),
            "scenario.py:1:1: quiz.runs.stage.scenario is not public. "
            "Write from quiz.scenario import Stage",
        ),
    ],
    ids=range(14),
)
def test_a_mistake_in_a_scenario_is_found_without_a_run(
    tmp_path: Path, scenario: str, expected: str
) -> None:
    found = told(tmp_path, scenario)
    assert len(found) == 1
    assert found[0].startswith(expected), found


def test_an_unknown_environment_is_reported_with_the_nearest(tmp_path: Path) -> None:
    (found,) = told(tmp_path, data=DEMO.replace("[current]", "[curent]"))
    assert found == (
        "demo.yaml:9:92: variants.only.environments[0]: there is no environment curent. "
        "Did you mean current?"
    )


def test_an_unlocked_environment_is_reported_with_the_command_to_lock_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "more" / "environments"
    folder.mkdir(parents=True)
    (folder / "mail.in").write_text("aiosmtplib\n")
    told(tmp_path, data=DEMO.replace("[current]", "[mail]"))
    found = [
        str(problem) for problem in check(packs.settings(tmp_path, tmp_path / "more")).problems
    ]
    command = f"Lock it with: uv pip compile {folder / 'mail.in'} --universal --generate-hashes"
    assert "the environment mail is not locked. " + command in found[0]
    assert f"{folder / 'mail.in'}:1:1: is not locked. {command}" in found[1]
    file = write(tmp_path / "more", ABOUT_TINY)
    (problem,) = check(packs.settings(tmp_path, tmp_path / "more"), [file]).problems
    assert str(problem) == found[0]


def test_an_environment_in_a_folder_beside_the_demos_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "more" / "environments"
    folder.mkdir(parents=True)
    (folder / "mail.txt").write_text("aiosmtplib==1.0\n")
    assert told(tmp_path, data=DEMO.replace("[current]", "[mail]")) == []


def test_a_pack_file_can_end_in_yml(tmp_path: Path) -> None:
    write(tmp_path / "more", SOUND, "small.yml")
    settings = packs.settings(tmp_path, tmp_path / "more")
    assert "small" in load(settings).packs


def test_a_demo_yml_and_a_demo_without_its_file_are_reported(tmp_path: Path) -> None:
    folder = write_demo(tmp_path / "more" / "demos")
    (folder / "demo.yaml").rename(folder / "demo.yml")
    other = write_demo(tmp_path / "more" / "demos", "other")
    (other / "demo.yaml").unlink()
    found = [str(p) for p in check(packs.settings(tmp_path, tmp_path / "more")).problems]
    assert found[0].endswith(
        "other/scenario.py:1:1: has no demo.yaml beside it. Add demo.yaml, or remove the folder."
    )
    assert found[1].endswith("tiny/demo.yml:1:1: is not read. Rename it demo.yaml.")


def test_a_broken_demo_of_several_questions_is_reported_once(tmp_path: Path) -> None:
    root = tmp_path / "more"
    write_demo(root / "demos", data=DEMO.replace("memory_mb: 10", "memory_mb: none"))
    file = write(root, SOUND.replace("demo: {name: task_order}", "demo: {name: tiny}"))
    settings = packs.settings(tmp_path, root)
    for problems in (check(settings).problems, check(settings, [file]).problems):
        assert len(problems) == 1
        assert "tiny/demo.yaml:4:12: memory_mb: should be a valid integer" in str(problems[0])
    assert load(settings).broken[0].slug == "small"


def test_a_number_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    found = told(tmp_path, data=DEMO.replace("seconds: 1,", "seconds: .inf,"))
    assert "variants.only.seconds: should be a finite number" in found[0]
