"""scripts/check_prose.py: what each rule finds, what it passes over, and which texts are read.

The old phrases themselves stand in prose-rules.toml. Here a colour takes their place.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.check_prose import (
    ROOT,
    RULES,
    Allowed,
    Rule,
    check,
    compiled,
    files_in,
    read_allowed,
    read_rules,
    unused,
)
from scripts.prose_texts import spoken, texts_of

LISTED = read_rules(RULES)
COLOUR = Rule("colour", compiled("dark purple"), "blue")


def found_in(text: str) -> list[str]:
    return [rule.name for rule in LISTED if rule.pattern.search(text)]


@pytest.mark.parametrize("rule", LISTED, ids=[rule.name for rule in LISTED])
def test_a_rule_finds_each_of_its_wrong_sentences(rule: Rule) -> None:
    assert rule.finds
    for sentence in rule.finds:
        assert rule.name in found_in(sentence), sentence


@pytest.mark.parametrize("rule", LISTED, ids=[rule.name for rule in LISTED])
def test_no_rule_finds_a_right_sentence(rule: Rule) -> None:
    assert rule.passes
    for sentence in rule.passes:
        assert not found_in(sentence), sentence


def test_every_rule_has_its_own_name() -> None:
    assert len({rule.name for rule in LISTED}) == len(LISTED)


def lines_in(folder: Path, name: str, text: str) -> list[int]:
    """The lines of the file in which the colour is found."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return [found.line for found in check(file, [COLOUR], [], set())]


PYTHON = '''"""Start.

A dark
purple docstring.
"""
x = 1  # dark purple
dark_purple = "dark" + " purple"
# A dark
# purple comment.
def test_dark_purple_is_found() -> None:
    raise ValueError(
        f"The {x} is no colour"
        f" and {x} dark purple."
    )
'''


def test_python_comments_docstrings_messages_and_test_names_are_read(tmp_path: Path) -> None:
    assert sorted(lines_in(tmp_path, "a.py", PYTHON)) == [3, 6, 8, 10, 13]


MARKDOWN = """# A dark purple heading

A dark
purple line, `dark purple` and https://example.org/#dark purple.

    dark purple      # a dark purple comment

```sh
echo dark purple
make run  # dark purple
```

| a | dark purple |
"""


def test_markdown_is_read_without_its_code(tmp_path: Path) -> None:
    assert lines_in(tmp_path, "a.md", MARKDOWN) == [1, 3, 13, 6, 10]


SHELL = """#!/bin/sh
# A dark
# purple comment
dark purple
say "The colour is dark purple."
"""


@pytest.mark.parametrize("name", ["a.sh", "a"])
def test_shell_comments_and_messages_are_read(tmp_path: Path, name: str) -> None:
    assert lines_in(tmp_path, name, SHELL) == [2, 5]


@pytest.mark.parametrize("name", ["a.yaml", "a.toml", "Makefile", "Containerfile"])
def test_only_comments_are_read_of_other_files(tmp_path: Path, name: str) -> None:
    text = 'a: dark purple  # dark purple\n# dark purple\nb: "a # dark purple"\n'
    assert lines_in(tmp_path, name, text) == [1, 2]


@pytest.mark.parametrize("name", ["a.css", "a.js"])
def test_comments_of_styles_and_scripts_are_read(tmp_path: Path, name: str) -> None:
    text = "/* A dark\n * purple comment */\ndark purple\n// dark purple\n"
    assert lines_in(tmp_path, name, text) == [1, 4]


def test_files_of_other_types_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\xff dark purple")
    (tmp_path / "b.txt").write_text("dark purple")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "c.js").write_text("// dark purple")
    assert [text for file in files_in([tmp_path]) for text in texts_of(file)] == []


def test_a_phrase_is_allowed_only_in_the_file_of_its_line(tmp_path: Path) -> None:
    here, there = tmp_path / "a.md", tmp_path / "b.md"
    for file in (here, there):
        file.write_text("The dark\npurple flag.")
    allowed, used = Allowed(1, str(here), "dark purple flag"), set[Allowed]()
    assert list(check(here, [COLOUR], [allowed], used)) == []
    assert used == {allowed}
    assert len(list(check(there, [COLOUR], [allowed], used))) == 1


def test_a_line_of_the_allow_list_that_allows_nothing_is_reported() -> None:
    allowed = Allowed(3, "README.md", "a phrase")
    (said,) = unused([allowed], set(), {"README.md"})
    assert said.startswith("scripts/prose-allowed.txt:3: Remove this line.")
    assert unused([allowed], {allowed}, {"README.md"}) == []
    assert unused([allowed], set(), {"CHANGELOG.md"}) == []


def test_a_line_of_the_allow_list_for_a_file_that_is_gone_is_reported() -> None:
    assert len(unused([Allowed(3, "gone.md", "a phrase")], set(), set())) == 1


def test_the_possessive_in_a_test_s_name_is_read() -> None:
    assert spoken("test_a_worker_s_job_is_its_users") == "test a worker's job is its users"


def test_a_line_of_the_allow_list_without_a_reason_is_refused(tmp_path: Path) -> None:
    listed = tmp_path / "allowed.txt"
    listed.write_text("# Comment\nREADME.md | a phrase\n")
    with pytest.raises(SystemExit, match=re.escape("allowed.txt:2: Write the line as")):
        read_allowed(listed)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/check_prose.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_prints_file_line_phrase_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    anew = next(rule for rule in LISTED if rule.name == "anew")
    file.write_text(f"First line.\n{anew.finds[0]}\n")
    done = run(str(file))
    assert (done.returncode, done.stdout) == (1, f'{file}:2: "{anew.name}"; write again\n')


def test_the_command_accepts_plain_english(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("The server sends the response.\n")
    assert run(str(file)).returncode == 0


def test_the_command_reports_a_missing_file(tmp_path: Path) -> None:
    done = run(str(tmp_path / "none.md"))
    assert done.returncode == 1
    assert "There is no such file or folder." in done.stderr
