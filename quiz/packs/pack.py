"""A pack of questions, its topics and their interview cards, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pydantic import Field

from quiz.questions.base import Question
from quiz.questions.demo_ref import DemoRef
from quiz.questions.fields import PackModel


class FollowUp(PackModel):
    ask: str = Field(description="What an interviewer asks next.")
    demo: DemoRef | None = Field(None, description="The demo that answers it.")


class Interview(PackModel):
    """A question as an interviewer asks it, and an answer."""

    ask: str = Field(description="The question, as an interviewer asks it.")
    answer: str = Field(description="60 to 90 words.")
    follow_ups: tuple[FollowUp, ...] = Field(
        (), description="What an interviewer asks next: two are best."
    )


@dataclass(frozen=True)
class Topic:
    slug: str
    title: str
    interview: Interview | None = None


@dataclass(frozen=True)
class Pack:
    """The questions of a YAML file. Topics and questions are in the order of the file.

    Concepts, patterns and misconceptions have their titles by their names.
    """

    slug: str
    title: str
    topics: Mapping[str, Topic]
    questions: tuple[Question, ...]
    file: str
    concepts: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=dict)
    misconceptions: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    author: str | None = None
    license: str | None = None
    version: str | None = None

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _by_topic(self) -> dict[str, tuple[Question, ...]]:
        return {
            slug: tuple(question for question in self.questions if question.topic == slug)
            for slug in self.topics
        }

    def question(self, id: str) -> Question | None:
        return self._by_id.get(id)

    def number_of(self, question: Question) -> int:
        """The place in the topic, from 1. A variant has the place of its question."""
        ids = [one.id for one in self.of_topic(question.topic)]
        return ids.index(question.id) + 1

    def of_topic(self, slug: str) -> tuple[Question, ...]:
        return self._by_topic.get(slug, ())
