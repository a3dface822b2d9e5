"""Model of a pack's file. Each kind's own model says what its questions contain."""

import functools
import operator
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from quiz.documents.field_types import FieldType
from quiz.packs.pack import Interview
from quiz.questions.base import Question
from quiz.questions.fields import PackModel, Slug
from quiz.registry import load_one

KINDS: dict[str, type[Question]] = load_one("quiz.kinds", "KIND")
if TYPE_CHECKING:
    AnyQuestion = Question
else:
    AnyQuestion = Annotated[
        functools.reduce(operator.or_, KINDS.values()), Field(discriminator="kind")
    ]


Words = Annotated[str, Field(min_length=1)]


class TopicEntry(PackModel):
    title: str = Field(min_length=1, description="The topic's name for learners.")
    interview: Interview | None = Field(
        None, description="The topic's question in an interview, and an answer."
    )


class PackFile(PackModel):
    """The contents of a pack's file."""

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


PACK = FieldType((PackFile,))
