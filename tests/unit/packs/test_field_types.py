"""Values of a document beside their model: each has the type of its own field."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from quiz.claims.expression import Claim, ClaimField, Expression, TextExpression, TextField
from quiz.documents.field_types import ANYTHING, FieldType, fields_of, rebuilt, walk


class Option(BaseModel):
    holds: ClaimField | None = None
    either: tuple[ClaimField, ClaimField] | None = None


class Choice(BaseModel):
    kind: Literal["choice"]
    options: tuple[Option, ...]
    stem: Annotated[str, "template"]


class Word(BaseModel):
    kind: Literal["word"]
    holds: TextField
    stem: Annotated[str, "template"]


class File(BaseModel):
    questions: tuple[Annotated[Choice | Word, Field(discriminator="kind")], ...]
    names: dict[str, Annotated[str, "name"]] = {}


FILE = FieldType((File,))
CHOICE = {"kind": "choice", "stem": "?", "options": [{"holds": "a", "either": ["b", "c"]}]}
WORD = {"kind": "word", "stem": "?", "holds": "d"}


def expressions(data: Any) -> dict[str, type[Expression]]:
    """The kind of expression of each text that is one."""
    return {
        field.value: kinds[0]
        for field in walk(FILE, data)
        if isinstance(field.value, str) and (kinds := field.type.subclasses(Expression))
    }


def test_fields_with_one_name_have_the_types_of_their_own_kinds() -> None:
    found = expressions({"questions": [CHOICE, WORD]})
    assert found == {"a": Claim, "b": Claim, "c": Claim, "d": TextExpression}


def test_an_unknown_key_can_have_any_value() -> None:
    data = {"questions": [{"kind": "word", "options": [{"holds": "x"}]}], "holds": "y"}
    assert expressions(data) == {}


def test_a_question_of_unknown_kind_has_the_fields_that_all_kinds_share() -> None:
    question = FILE.below("questions", {}).items or ANYTHING
    assert set(question.fields({"kind": "chioce"})) == {"kind", "stem"}


@pytest.mark.parametrize("data", [None, 3, [], {"questions": {"a": 1}}, {"questions": [3, [4]]}])
def test_invalid_data_is_searched_too(data: Any) -> None:
    assert [field.value for field in walk(FILE, data)][0] == data


def test_a_copy_is_changed_from_the_innermost_value() -> None:
    data = {"names": {"a": "x"}, "questions": [WORD]}
    seen = []
    rebuilt(FILE, data, (), lambda field: seen.append(field.loc))
    assert seen[:2] == [("names", "a"), ("names",)]
    assert seen[-1] == ()
    marked = rebuilt(
        FILE, data, (), lambda field: "!" if "name" in field.type.marks else field.value
    )
    assert marked == {"names": {"a": "!"}, "questions": [WORD]}


def test_the_fields_of_a_model_are_read_once() -> None:
    assert fields_of(Choice) is fields_of(Choice)
