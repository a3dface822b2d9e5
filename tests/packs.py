"""Small packs and demos for tests: a valid pack, which a test changes to break it."""

from collections.abc import Sequence
from pathlib import Path

from quiz.demos.loader import load_demos
from quiz.documents.yaml_document import Problem
from quiz.packs.check import check
from quiz.packs.loader import read
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.settings import Settings

SOUND = """\
pack: small
title: A small pack
topics:
  order: {title: Order}
questions:
  - id: total
    kind: choice
    topic: order
    difficulty: 1
    demo: {name: task_order, variant: one_by_one, parameters: {task_a_seconds: 2}}
    excerpt: create_item
    stem: A awaits {task_a_seconds} s, B awaits {task_b_seconds} s. How long in all?
    options:
      - text: Two seconds
        holds: background_ms < 2500.0
        why: They would overlap if they were gathered.
        true_if: {variant: gathered}
      - text: Three seconds
        key: true
        holds: background_ms >= 2950.0
        why: One list, item by item.
    explanation: One after another.
  - id: lines
    kind: ordering
    topic: order
    difficulty: 2
    demo: {name: task_order}
    stem: What comes first?
    items:
      - {id: a, text: task_a ends, at: call.task_a.ended_ms}
      - {id: b, text: task_b starts, at: call.task_b.started_ms}
      - {id: c, text: the client has its answer, at: response.received_ms}
    before: [[a, b], [c, b]]
    explanation: B waits for A.
  - id: seconds
    kind: number
    topic: order
    difficulty: 1
    demo: {name: task_order}
    stem: How many seconds in all?
    answer: 3
    unit: s
    tolerance: 0.2
    fact: background_ms / 1000.0
    explanation: The sum.
"""


def sound(*changes: tuple[str, str]) -> str:
    """The valid pack with pieces replaced. Each piece must occur in it."""
    text = SOUND
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def write(folder: Path, text: str, name: str = "small.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def pack(folder: Path, text: str = SOUND) -> Pack:
    demos, _ = load_demos()
    return read(write(folder, text), demos)


def question(folder: Path, id: str, text: str = SOUND) -> Question:
    found = pack(folder, text).question(id)
    assert found is not None
    return found


def names(questions: Sequence[Question]) -> list[str]:
    """Their ids; draws, which have that of their question, are numbered."""
    ids = [question.id for question in questions]
    return [f"{id}-{n}" if (n := ids[:place].count(id)) else id for place, id in enumerate(ids)]


def problems(folder: Path, text: str) -> list[Problem]:
    return check(settings(folder), [write(folder, text)]).problems


def settings(folder: Path, *packs: Path, reload: bool = False) -> Settings:
    return Settings(data=folder / "data", cache=folder / "cache", packs=packs, reload=reload)


def write_demo(root: Path, name: str = "tiny", data: str = "", code: str = "") -> Path:
    """A demo of one file below `root`."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "demo.yaml").write_text(data or DEMO, encoding="utf-8")
    (folder / "tiny.py").write_text(code or CODE, encoding="utf-8")
    (folder / "scenario.py").write_text("def play(stage): ...\n", encoding="utf-8")
    return folder


CODE = '''\
"""Größe: a comment before the constants, with letters of two bytes."""

WAIT_SECONDS = 2  # seconds; déjà vu
COUNT: int = 4
DEBUG = True
NAME = "tiny"
FLOOR, ROOF = 1, 2
LATER: int


def outer() -> None:
    @staticmethod
    def inner() -> None: ...


app = None
'''
DEMO = """\
title: Tiny
topic: order
summary: A demo for tests.
memory_mb: 10
parameters:
  wait_seconds: {title: It waits, minimum: 0.1, maximum: 5}
  count: {title: How many, minimum: 1, maximum: 8}
variants:
  only: {title: Only, summary: The only one., files: [tiny.py], seconds: 1, environments: [current]}
extra:
  lines: {title: Lines, unit: lines, about: How many lines were written.}
"""
