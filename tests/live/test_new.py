"""`quiz new` creates packs and demos that are valid, run, and can be proven."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from quiz.packs.schema import KINDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packs"


def quiz(folder: Path | None, *arguments: str) -> tuple[int, str]:
    environment = {k: v for k, v in os.environ.items() if k != "QUIZ_PACKS"}
    if folder:
        folder.mkdir(exist_ok=True)
        environment["QUIZ_PACKS"] = str(folder)
    done = subprocess.run(
        [sys.executable, "-m", "quiz", *arguments],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=100,
    )
    return done.returncode, done.stdout


def test_a_new_pack_with_a_question_of_every_kind_is_valid(folder: Path) -> None:
    assert quiz(folder, "new", "pack", "mine")[0] == 0
    for kind in KINDS:
        code, said = quiz(folder, "new", "question", "mine", f"a-{kind}", "--kind", kind)
        assert (code, "Added a question to" in said) == (0, True), said
    code, said = quiz(folder, "check", str(folder / "mine.yaml"))
    assert (code, said.splitlines()[0]) == (0, "Nothing is wrong.")


def test_the_keys_of_a_new_pack_are_proven_by_runs(folder: Path) -> None:
    quiz(folder, "new", "pack", "mine")
    quiz(folder, "new", "question", "mine", "in-order", "--kind", "ordering")
    code, said = quiz(folder, "prove", "mine", "--times", "1")
    assert code == 0, said
    assert "2 of 2 questions proven" in said


def test_new_files_name_their_schema_for_the_editor(folder: Path) -> None:
    quiz(folder, "new", "pack", "mine")
    quiz(folder, "new", "demo", "my_demo")
    for file in (folder / "mine.yaml", folder / "demos" / "my_demo" / "demo.yaml"):
        first = file.read_text().splitlines()[0]
        schema = file.parent / first.removeprefix("# yaml-language-server: $schema=")
        data = yaml.safe_load(file.read_text())
        errors = Draft7Validator(json.loads(schema.read_text())).iter_errors(
            json.loads(json.dumps(data, default=str))
        )
        assert [error.message for error in errors] == []


def test_a_new_demo_runs(folder: Path) -> None:
    code, said = quiz(folder, "new", "demo", "my_demo")
    assert code == 0, said
    code, said = quiz(folder, "run", "my_demo", "--set", "work_seconds=0.1")
    assert code == 0, said
    assert "work took" in said


def test_a_run_prints_all_facts_with_their_names_in_claims(folder: Path) -> None:
    quiz(folder, "new", "demo", "my_demo")
    demo = folder / "demos" / "my_demo"
    extra = "extra:\n  mails: {title: Mails, about: How many were sent.}\n"
    (demo / "demo.yaml").write_text((demo / "demo.yaml").read_text() + extra)
    fact = '    stage.fact("mails", "none", title="Mails")\n'
    (demo / "scenario.py").write_text((demo / "scenario.py").read_text() + fact)
    code, said = quiz(folder, "run", "my_demo", "--set", "work_seconds=0.1", "--facts")
    assert code == 0, said
    for line in ("count.work = 1", "response.status = 200", 'extra.mails = "none"'):
        assert line in said.splitlines()
    assert any(line.startswith("call.work.ended_ms = 1") for line in said.splitlines())


def test_existing_files_and_questions_are_never_overwritten(folder: Path) -> None:
    quiz(folder, "new", "pack", "mine")
    before = (folder / "mine.yaml").read_text()
    assert quiz(folder, "new", "pack", "mine")[0] == 1
    code, said = quiz(folder, "new", "question", "mine", "first-question")
    assert (code, "already" in said) == (1, True)
    assert (folder / "mine.yaml").read_text() == before


def test_a_file_to_which_nothing_can_be_appended_is_left_alone(folder: Path) -> None:
    quiz(folder, "new", "pack", "mine")
    file = folder / "mine.yaml"
    file.write_text(file.read_text() + "concepts: {waits: It waits}\n")
    before = file.read_text()
    code, said = quiz(folder, "new", "question", "mine", "more")
    assert (code, "was not changed" in said) == (1, True)
    assert file.read_text() == before


def test_without_a_folder_for_packs_the_command_says_how_to_set_one() -> None:
    code, said = quiz(None, "new", "pack", "mine")
    assert code == 1
    assert "QUIZ_PACKS=" in said
