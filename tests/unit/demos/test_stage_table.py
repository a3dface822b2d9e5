"""docs/authoring.md lists the methods of the stage as the code has them."""

from pathlib import Path

from quiz.demos.scenario_check import stage_attributes
from quiz.scenario import Stage
from scripts.list_stage_methods import ATTRIBUTES, stage_table

PAGE = Path(__file__).parents[3] / "docs" / "authoring.md"


def test_the_documented_table_of_stage_methods_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = page.partition("<!-- stage -->\n")[2].partition("<!-- end of stage -->")[0]
    assert written == stage_table(), "Paste the output of: python -m scripts.list_stage_methods"


def test_every_public_method_of_the_stage_has_a_docstring() -> None:
    methods = [method for name, method in vars(Stage).items() if not name.startswith("_")]
    assert len(methods) > 20
    assert all(method.__doc__ for method in methods)


def test_the_table_has_the_public_attributes_of_the_stage() -> None:
    assert set(ATTRIBUTES) == stage_attributes()
