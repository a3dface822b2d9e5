"""Discovery: folders by their marker, modules by the name in them."""

from pathlib import Path

import pytest

from quiz.errors import QuizError, did_you_mean
from quiz.registry import folders, load_one


def test_a_folder_is_found_by_its_marker_file(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "demo.yaml").touch()
    (tmp_path / "two").mkdir()
    assert folders(tmp_path, marker="demo.yaml") == {"one": tmp_path / "one"}


def test_a_name_found_twice_names_both_places(tmp_path: Path) -> None:
    for root in ("a", "b"):
        (tmp_path / root / "one").mkdir(parents=True)
        (tmp_path / root / "one" / "demo.yaml").touch()
    with pytest.raises(QuizError, match=r"a/one.*b/one"):
        folders(tmp_path / "a", tmp_path / "b", marker="demo.yaml")


def test_kinds_are_found_by_their_folder() -> None:
    assert set(load_one("quiz.kinds", "KIND")) >= {"choice", "ordering", "number"}


def test_a_private_module_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "found_here").mkdir()
    for name, text in (("one", "IT = 1"), ("_shared", ""), ("__init__", "")):
        (tmp_path / "found_here" / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert load_one("found_here", "IT") == {"one": 1}


def test_a_module_without_the_attribute_is_reported_with_its_path() -> None:
    with pytest.raises(QuizError, match=r"choice/__init__\.py has no NOTHING"):
        load_one("quiz.kinds", "NOTHING")


def test_the_nearest_name_or_all_names_are_suggested() -> None:
    assert did_you_mean("task_ordr", ["task_order", "other"]) == "Did you mean task_order?"
    assert did_you_mean("xyz", ["task_order", "other"]) == "There are: task_order, other."
    assert did_you_mean("xyz", []) == "There are none."
