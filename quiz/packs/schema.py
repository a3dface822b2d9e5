"""What a pack's file may say: its model, and which fields of the kinds are texts, claims, worlds.

The kinds' models say so themselves: a new kind needs no edit here.
"""

import functools
import operator
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from quiz.claims.expression import Expression
from quiz.claims.formula import Formula
from quiz.packs.pack import Interview
from quiz.questions.base import FUNCTION, TEXT, Part, Question, Slug, World
from quiz.registry import load_one

KINDS: dict[str, type[Question]] = load_one("quiz.kinds", "KIND")
if TYPE_CHECKING:
    AnyQuestion = Question
else:
    AnyQuestion = Annotated[
        functools.reduce(operator.or_, KINDS.values()), Field(discriminator="kind")
    ]


Words = Annotated[str, Field(min_length=1)]
# A question's field to the pack's list of what may stand there.
LISTS = {"concept": "concepts", "pattern": "patterns", "misconception": "misconceptions"}


class TopicEntry(Part):
    title: str = Field(min_length=1, description="The topic's name for learners.")
    interview: Interview | None = Field(
        None, description="The topic's question in an interview, and an answer."
    )


class PackFile(Part):
    """What a pack's file says."""

    pack: Slug = Field(description="The pack's name in addresses and in progress. Stable.")
    title: str = Field(min_length=1, description="The pack's name for learners.")
    author: Words | None = Field(None, description="Who wrote it. A shared pack says so.")
    license: Words | None = Field(
        None, description="Under which license others may use it, such as MIT or CC-BY-4.0."
    )
    version: str | None = Field(
        None, pattern=r"^[0-9]+(\.[0-9]+){0,2}$", description="The version that is shared: 1.0."
    )
    since: date | None = Field(None, description="The day it came, for the feed: 2026-11-25.")
    topics: dict[Slug, TopicEntry] = Field(min_length=1, description="In the order of the pages.")
    concepts: dict[Slug, Words] = Field(
        {}, description="What questions are about: survives-restart: Survives a restart."
    )
    patterns: dict[Slug, Words] = Field({}, description="The tools: arq: ARQ.")
    misconceptions: dict[Slug, Words] = Field(
        {}, description="The beliefs behind wrong options, a sentence each."
    )
    questions: tuple[AnyQuestion, ...] = Field(
        min_length=1, description="In the order in which each topic asks them."
    )


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for inner in annotation.model_fields.values():
            yield from _models(inner.annotation)
    for inner in get_args(annotation):
        yield from _models(inner)


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _inside(inner)


def _names(wanted: Callable[[Any], bool]) -> frozenset[str]:
    """The fields of all kinds whose type has something wanted in it."""

    def fits(field: FieldInfo) -> bool:
        return any(map(wanted, [*field.metadata, *_inside(field.annotation)]))

    models = {model for kind in KINDS.values() for model in _models(kind)}
    return frozenset(n for model in models for n, f in model.model_fields.items() if fits(f))


def _expressions() -> dict[str, type[Expression]]:
    models = {model for kind in KINDS.values() for model in _models(kind)}
    return {
        name: part
        for model in models
        for name, info in model.model_fields.items()
        for part in _inside(info.annotation)
        if isinstance(part, type) and issubclass(part, Expression)
    }


def _formulas() -> dict[str, Formula]:
    models = {model for kind in KINDS.values() for model in _models(kind)}
    return {
        name: part
        for model in models
        for name, info in model.model_fields.items()
        for part in info.metadata
        if isinstance(part, Formula)
    }


TEXTS = _names(lambda part: part is TEXT)
WORLDS = _names(lambda part: part is World)
FUNCTIONS = _names(lambda part: part is FUNCTION)
EXPRESSIONS = _expressions()
FORMULAS = _formulas()
