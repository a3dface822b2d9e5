"""The export of each kind to other programs. Some kinds have no equivalent there."""

from pathlib import Path

from quiz.packs.catalog import load
from quiz.questions import portable
from quiz.settings import Settings
from tests import packs

QUESTIONS = [q for pack in load(Settings()).packs.values() for q in pack.questions]


def said(folder: Path, id: str, *changes: tuple[str, str]) -> portable.Plain | None:
    return packs.question(folder, id, packs.sound(*changes)).plain()


def test_a_choice_is_exported_with_options_and_reasons(tmp_path: Path) -> None:
    wrong = portable.Option("Two seconds", False, "They would overlap if they were gathered.")
    right = portable.Option("Three seconds", True, "One list, item by item.")
    assert said(tmp_path, "total") == portable.Options((wrong, right))


def test_a_choice_is_exported_with_multiple_and_shuffle(tmp_path: Path) -> None:
    changes = (("stem: A", "shuffle: false\n    multiple: true\n    stem: A"),)
    found = said(tmp_path, "total", *changes)
    assert isinstance(found, portable.Options)
    assert (found.multiple, found.shuffle) == (True, False)


def test_an_ordering_is_exported_with_a_right_order_and_whether_it_is_strict(
    tmp_path: Path,
) -> None:
    lines = ("task_a ends", "the client has its answer", "task_b starts")
    assert said(tmp_path, "lines") == portable.Order(lines, strict=False)
    only = said(tmp_path, "lines", ("[[a, b], [c, b]]", "[[a, c], [c, b]]"))
    assert only == portable.Order(lines, strict=True)


def test_a_number_is_exported_with_its_tolerance(tmp_path: Path) -> None:
    assert said(tmp_path, "seconds") == portable.Number(3.0, 0.2, "s")


def test_a_word_is_exported_with_all_its_spellings() -> None:
    words = [asked for asked in QUESTIONS if asked.kind == "text"]
    for asked in words:
        found = asked.plain()
        assert isinstance(found, portable.Words)
        assert all(asked.grade(word).score == 1 for word in found.accepted)
    assert words
