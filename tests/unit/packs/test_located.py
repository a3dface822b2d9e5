"""YAML with places: every problem has its line, its column, its field and the remedy."""

import os
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from quiz.documents.model_errors import validate
from quiz.documents.yaml_document import Document, Problem, ProblemsError


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    count: int = 0


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str
    leaves: list[Leaf] = []


def document(tmp_path: Path, text: str | bytes) -> Document:
    file = tmp_path / "tree.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Document.read(file)


def refused(tmp_path: Path, text: str | bytes) -> Problem:
    with pytest.raises(ProblemsError) as caught:
        document(tmp_path, text)
    return caught.value.problems[0]


def found(tmp_path: Path, text: str) -> list[tuple[int, int, str]]:
    _, problems = validate(document(tmp_path, text), Tree)
    return [(problem.line, problem.column, problem.field) for problem in problems]


def test_valid_data_becomes_the_model(tmp_path: Path) -> None:
    tree, problems = validate(document(tmp_path, "title: Oak\nleaves: [{text: a}]\n"), Tree)
    assert tree == Tree(title="Oak", leaves=[Leaf(text="a")])
    assert problems == []


def test_a_problem_has_the_format_of_a_compiler_error() -> None:
    problem = Problem("a.yaml", 3, 5, "leaves[1].text", "is missing", "Add it.")
    assert str(problem) == "a.yaml:3:5: leaves[1].text: is missing. Add it."


def test_every_problem_is_found_with_its_place(tmp_path: Path) -> None:
    text = "title: 3\nleaves:\n  - text: a\n    cuont: 1\n  - count: x\n"
    assert found(tmp_path, text) == [
        (1, 8, "title"),
        (4, 5, 'leaves["a"].cuont'),
        (5, 5, "leaves[1].text"),
        (5, 12, "leaves[1].count"),
    ]


def test_an_unknown_key_is_reported_with_the_nearest_known_key(tmp_path: Path) -> None:
    _, problems = validate(document(tmp_path, "title: a\nleaves: [{txet: a}]\n"), Tree)
    assert [p.mend for p in problems if p.field.endswith("txet")] == ["Did you mean text?"]


def test_a_misspelled_required_key_is_reported_once(tmp_path: Path) -> None:
    _, problems = validate(document(tmp_path, "titel: Oak\nleaves: [{txet: a}]\n"), Tree)
    assert [(problem.field, problem.mend) for problem in problems] == [
        ("titel", "Did you mean title?"),
        ("leaves[0].txet", "Did you mean text?"),
    ]


def test_an_unknown_key_that_resembles_no_required_key_is_reported_beside_it(
    tmp_path: Path,
) -> None:
    assert found(tmp_path, "zzz: Oak\n") == [(1, 1, "title"), (1, 1, "zzz")]


def test_columns_count_characters_and_not_bytes(tmp_path: Path) -> None:
    assert found(tmp_path, "{title: größer, leaves: [{text: é, count: x}]}") == [
        (1, 43, 'leaves["é"].count')
    ]


def test_a_repeated_key_is_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, "title: a\nleaves:\n  - text: a\n    text: b\n")
    assert (problem.line, problem.column, problem.field) == (4, 5, "leaves[0].text")
    assert problem.reason == "stands twice, first in line 3"


def test_an_alias_is_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, "title: a\nleaves: [&one {text: a}, *one]\n")
    assert "leaves[1]" in problem.reason


def test_a_syntax_error_is_reported_with_its_place(tmp_path: Path) -> None:
    problem = refused(tmp_path, "title: a: b\n")
    assert (problem.line, problem.column) == (1, 9)
    assert "quotes" in problem.mend


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "is empty"),
        (b"title: a\n\xff", "is not UTF-8"),
        (b"title: !!python/name:os.system a", "1:8: has the tag !!python/name:os.system"),
        (b"title: !!float ''", "1:8: has the tag !!float. A pack is data: remove the tag."),
        (b"title: 2026-13-45", "is not usable"),
        (b"title: \x07", "is not YAML here"),
        (b"a:\n\t- b", "never with tabs"),
        (b"[" * 3000 + b"]" * 3000, "is nested deeper than 50 levels. Nest less."),
        (b"[" * 100_000, "is nested deeper than 50 levels"),
        (b"- " * 50_000, "1:101: is nested deeper than 50 levels"),
        (b"? " * 50_000, "is nested deeper than 50 levels"),
        (b"a: 0x" + b"f" * 1_000_000, "1:4: is a number of 1,000,002 characters. Write it with"),
        (b"a: 1" + b":1" * 100, "1:4: is a number of 201 characters"),
        (b'a: "\\e[31mred"', "1:4: has the control character U+001B. Remove it."),
        (b'"\\a": 1', "1:1: has the control character U+0007. Remove it."),
        (b"[" + b"[]," * 600_000, "has more than 1,000,000 pieces. Split the file."),
        (b"a" * 10_000_001, "is larger than 10 MB. Split it into several files."),
        (b"a: &a [*a]", "is used again"),
    ],
)
def test_an_unreadable_file_is_a_problem(tmp_path: Path, text: bytes, reason: str) -> None:
    assert reason in str(refused(tmp_path, text))


def test_a_pipe_a_folder_and_a_device_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for file, kind in (
        (tmp_path / "pipe.yaml", "a pipe"),
        (tmp_path / "folder.yaml", "a folder"),
        (Path("/dev/zero"), "a device"),
    ):
        with pytest.raises(ProblemsError, match=f":1:1: is {kind}. Only regular files are read."):
            Document.read(file)


def test_a_link_is_refused_and_its_target_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("root: hunter2\n")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(ProblemsError, match="is a link. Put the file itself here") as caught:
        Document.read(tmp_path / "link.yaml")
    assert "hunter2" not in str(caught.value)


def test_no_message_contains_control_characters() -> None:
    problem = Problem("a\x1b[2J.yaml", 1, 1, "topics", "is \u202eot known\x07", "")
    assert str(problem) == r"a\x1b[2J.yaml:1:1: topics: is \u202eot known\x07."


def test_a_message_stays_short_whatever_the_names_in_a_pack() -> None:
    assert len(str(Problem("a.yaml", 1, 1, "pack", "x" * 100_000, ""))) < 2100


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemsError, match="cannot be read"):
        Document.read(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("written", "column"),
    [("a + b", 12), ('"a + b"', 13), ("'a + b'", 13), (">-\n    a +\n    b", 8)],
)
def test_a_column_inside_a_text_is_known_if_the_text_is_unchanged_in_the_file(
    tmp_path: Path, written: str, column: int
) -> None:
    read = document(tmp_path, f"title: {written}\n")
    assert read.inside(("title",), 5) == (1, column)
