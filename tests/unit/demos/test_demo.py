"""Demos as data: variants, parameters with bounds, files with a learner's values in them."""

from pathlib import Path

import pytest

from quiz.demos.loader import load_demos
from quiz.demos.model import Demo, ParameterError
from quiz.demos.source import read_source
from quiz.demos.system_programs import PROGRAMS
from tests.packs import CODE, DEMO, write_demo


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    write_demo(tmp_path)
    demos, problems = load_demos(tmp_path)
    assert problems == []
    return demos["tiny"]


def broken(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in DEMO
    write_demo(tmp_path, data=DEMO.replace(old, new))
    demos, problems = load_demos(tmp_path)
    assert demos == {}
    return [str(problem) for problem in problems]


def test_shipped_demos_have_no_problems() -> None:
    demos, problems = load_demos()
    assert problems == []
    assert "task_order" in demos


def test_the_scenario_is_beside_the_files(demo: Demo) -> None:
    assert demo.scenario.is_file()


def test_a_default_value_is_read_from_the_file(demo: Demo) -> None:
    assert demo.values("only", {}) == {"wait_seconds": 2.0, "count": 4}


def test_a_duration_written_as_a_whole_number_accepts_fractions(demo: Demo) -> None:
    assert demo.values("only", {"wait_seconds": 0.5})["wait_seconds"] == 0.5
    assert demo.json_schema()["properties"]["wait_seconds"]["type"] == "number"


@pytest.mark.parametrize("given", [3, 3.0, "3", " 3 ", "3.0", "3,0"], ids=repr)
def test_a_value_can_come_from_a_form_or_from_json(demo: Demo, given: object) -> None:
    assert demo.values("only", {"count": given, "wait_seconds": given}) == {
        "count": 3,
        "wait_seconds": 3.0,
    }


@pytest.mark.parametrize(
    "given",
    [True, None, "x", "", "nan", "inf", float("nan"), [1], 0, 9, 10**400, "1e999", 2.5],
    ids=lambda given: repr(given)[:12],
)
def test_a_value_that_is_not_a_number_within_bounds_is_refused_by_name(
    demo: Demo, given: object
) -> None:
    with pytest.raises(ParameterError, match=r"^count: must"):
        demo.values("only", {"count": given})


def test_an_unknown_parameter_is_refused_with_the_nearest(demo: Demo) -> None:
    with pytest.raises(ParameterError, match="Did you mean count") as caught:
        demo.values("only", {"cuont": 1})
    assert caught.value.name == "cuont"


def test_files_contain_the_values_and_are_otherwise_unchanged(demo: Demo) -> None:
    text = demo.source("only", {"wait_seconds": 0.25, "count": 8})["tiny.py"]
    expected = CODE.replace("SECONDS = 2 ", "SECONDS = 0.25 ").replace("= 4", "= 8")
    assert text == expected


def test_whole_values_are_written_without_a_point(demo: Demo) -> None:
    assert "WAIT_SECONDS = 3  #" in demo.source("only", {"wait_seconds": 3.0})["tiny.py"]


def test_default_values_leave_the_file_unchanged(demo: Demo) -> None:
    assert demo.source("only", demo.values("only", {}))["tiny.py"] == CODE


def test_functions_and_nested_functions_are_found_with_their_decorators(demo: Demo) -> None:
    functions = demo.functions("only")
    assert (functions["inner"].first_line, functions["inner"].last_line) == (12, 13)
    assert set(functions) == {"outer", "inner"}


def test_a_class_with_del_replaces_its_init_and_del_as_a_function() -> None:
    body = "class {}:\n    def __init__(self): ...\n    def close(self): ...\n{}"
    told = read_source("a.py", body.format("Told", "    def __del__(self): ...\n"))
    assert list(told.functions) == ["Told", "close"]
    assert list(read_source("a.py", body.format("Plain", "")).functions) == ["__init__", "close"]


def test_an_excerpt_is_a_functions_lines_with_the_values() -> None:
    demos, _ = load_demos()
    text = demos["task_order"].excerpt("one_by_one", "task_a", {"task_a_seconds": 1.0})
    assert text.startswith("async def task_a()")


def test_a_parameter_belongs_to_the_variants_that_have_its_constant() -> None:
    demos, _ = load_demos()
    failing = demos["failing_task"]
    assert set(failing.parameters_of("dependency_commit")) == {"partner_seconds"}
    assert len(failing.json_schema()["properties"]) == 3


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("count:", "debug:", "no file has the constant DEBUG"),
        ("count:", "floor:", "no file has the constant FLOOR"),
        ("title: Tiny", "titel: Tiny", "Did you mean title?"),
        ("tiny.py", "tyni.py", "Did you mean tiny.py?"),
        ("count:", "cuont:", "no file has the constant CUONT"),
        ("minimum: 1, ", "minimum: 5, ", "lies outside minimum and maximum"),
        ("[current]", "[]", "environments"),
        ("title: Tiny", "side_by_side: [full]\ntitle: Tiny", "there is no variant full"),
        ("memory_mb: 10", "memory_mb: 0", "memory_mb"),
        (", about: How many lines were written.", "", "extra.lines.about: is missing"),
    ],
)
def test_a_broken_demo_is_left_out_and_reported(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert any(expected in problem for problem in broken(tmp_path, old, new))


def test_a_file_that_is_not_python_is_a_problem(tmp_path: Path) -> None:
    write_demo(tmp_path, code="def (:\n")
    _, (problem,) = load_demos(tmp_path)
    assert str(problem).endswith("tiny/tiny.py:1:5: is not Python here: invalid syntax.")


def test_a_missing_scenario_is_a_problem(tmp_path: Path) -> None:
    (write_demo(tmp_path) / "scenario.py").unlink()
    _, problems = load_demos(tmp_path)
    assert [problem.reason for problem in problems] == ["has no scenario.py"]


def test_one_constant_with_two_literals_is_a_problem(tmp_path: Path) -> None:
    folder = write_demo(tmp_path, data=DEMO.replace("[tiny.py]", "[tiny.py, other.py]"))
    (folder / "other.py").write_text("COUNT = 5\n")
    _, problems = load_demos(tmp_path)
    assert "has two defaults: tiny.py has 4, other.py has 5" in problems[0].reason


def test_a_name_of_two_folders_is_a_problem_that_names_both(tmp_path: Path) -> None:
    write_demo(tmp_path / "a")
    write_demo(tmp_path / "b")
    demos, problems = load_demos(tmp_path / "a", tmp_path / "b")
    assert demos["tiny"].folder == tmp_path / "a" / "tiny"
    assert "b/tiny/demo.yaml" in str(problems[0])
    assert "a/tiny" in problems[0].reason


def test_a_folder_with_an_invalid_name_is_a_problem(tmp_path: Path) -> None:
    write_demo(tmp_path, name="Tiny-One")
    _, problems = load_demos(tmp_path)
    assert "is no name of a demo" in problems[0].reason


def test_an_unknown_program_is_refused_and_the_nearest_name_suggested(tmp_path: Path) -> None:
    (said,) = broken(tmp_path, "seconds: 1,", "seconds: 1, needs: [rabitmq-server],")
    assert "rabitmq-server is no program that is known here" in said
    assert "Did you mean rabbitmq-server" in said


def test_the_duration_of_a_variant_includes_the_start_of_its_programs(tmp_path: Path) -> None:
    needy = DEMO.replace("seconds: 1,", "seconds: 1, needs: [rabbitmq-server],")
    write_demo(tmp_path, data=needy)
    demos, _ = load_demos(tmp_path)
    only = demos["tiny"].variant()
    assert (only.seconds, only.takes) == (1.0, 1.0 + PROGRAMS["rabbitmq-server"].start_seconds)
