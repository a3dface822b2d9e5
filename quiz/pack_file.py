"""One YAML file as a pack: its model, its JSON Schema, and all that can be wrong with it.

Which fields are texts, claims or demos the kinds' models say: a new kind needs no edit here.
"""

import functools
import operator
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from quiz.claims import ClaimError, Expression
from quiz.demo import Demo, ParameterError
from quiz.discovery import did_you_mean, load_one
from quiz.located import Document, Loc, Problem, ProblemsError, validate
from quiz.question import (
    FUNCTION,
    TEXT,
    Interview,
    Pack,
    Part,
    Question,
    Slug,
    Topic,
    World,
    fill,
    placeholders,
)
from quiz.vocabulary import Names

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
    title: str = Field(min_length=1)
    interview: Interview | None = None


class PackFile(Part):
    """What a pack's file says."""

    pack: Slug = Field(description="The pack's name in addresses and in progress. Stable.")
    title: str = Field(min_length=1)
    since: date | None = Field(None, description="The day it came, for the feed: 2026-11-25.")
    topics: dict[Slug, TopicEntry] = Field(min_length=1, description="In the order of the pages.")
    concepts: dict[Slug, Words] = Field(
        {}, description="What questions are about: survives-restart: Survives a restart."
    )
    patterns: dict[Slug, Words] = Field({}, description="The tools: arq: ARQ.")
    misconceptions: dict[Slug, Words] = Field(
        {}, description="The beliefs behind wrong options, a sentence each."
    )
    questions: tuple[AnyQuestion, ...] = Field(min_length=1)


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


TEXTS = _names(lambda part: part is TEXT)
WORLDS = _names(lambda part: part is World)
FUNCTIONS = _names(lambda part: part is FUNCTION)
EXPRESSIONS = _expressions()


@dataclass(frozen=True)
class Stage:
    """The demo that a question is about, as far as its file says so."""

    demo: Demo
    variant: str
    environment: str
    values: Mapping[str, float | int]

    @functools.cached_property
    def names(self) -> Names:
        return Names.of(self.demo, self.variant)

    def over(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was given, with the defaults for what was left out; what has no sense stays."""
        found = {"variant": self.variant, "environment": self.environment}
        full = dict(given) | {key: value for key, value in found.items() if not given.get(key)}
        if isinstance(given.get("parameters") or {}, dict):
            full["parameters"] = dict(self.values)
        return full


@dataclass
class Reading:
    """A file while it is read: what it says, and what is wrong with it so far."""

    document: Document
    demos: Mapping[str, Demo]
    problems: list[Problem] = field(default_factory=list)

    def note(self, loc: Loc, reason: str, mend: str = "") -> None:
        self.problems.append(self.document.problem(loc, reason, mend))

    def topics(self, raw: Any) -> Any:
        """The topics with their follow-ups' demos filled in."""
        return {slug: self._filled(topic, ("topics", slug), None) for slug, topic in raw.items()}

    def questions(self, raw: list[Any], topics: Mapping[str, Any]) -> list[Any]:
        first: dict[str, int] = {}
        filled = []
        for index, given in enumerate(raw):
            loc: Loc = ("questions", index)
            filled.append(self._question(given, loc, topics) if isinstance(given, dict) else given)
            if isinstance(given, dict) and isinstance(id := given.get("id"), str):
                if id in first:
                    line, _ = self.document.place(("questions", first[id], "id"))
                    self.note(
                        (*loc, "id"), f"{id} is a question in line {line} already", "Rename it."
                    )
                first.setdefault(id, index)
        return filled

    def _question(self, raw: dict[str, Any], loc: Loc, topics: Mapping[str, Any]) -> dict[str, Any]:
        topic = raw.get("topic")
        if isinstance(topic, str) and topic not in topics:
            self.note(
                (*loc, "topic"), f"{topic} is no topic of this pack", did_you_mean(topic, topics)
            )
        self._listed(raw, loc)
        stage = self._stage(raw.get("demo"), (*loc, "demo"))
        broken = stage is None and raw.get("demo") is not None
        if "code" in raw:
            self.note((*loc, "code"), "is taken from the demo", "Name its function by excerpt.")
        code = self._excerpt(raw.get("excerpt"), (*loc, "excerpt"), stage, broken)
        if not broken:
            self._expressions(raw, loc, stage)
            self._functions(raw, loc, stage)
        filled: dict[str, Any] = self._filled(raw, loc, stage, broken) | {"code": code}
        return filled | {"demo": stage.over(raw["demo"])} if stage else filled

    def _listed(self, raw: dict[str, Any], loc: Loc) -> None:
        """What a question names stands in the pack's list, where the pack has such a list."""
        for at, name in _leaves(raw, loc):
            known = self.document.data.get(LISTS.get(str(at[-1]), ""))
            if isinstance(known, dict) and isinstance(name, str) and name not in known:
                reason = f"{name} is no {at[-1]} of this pack"
                mend = did_you_mean(name, known) or f"Add it to {LISTS[str(at[-1])]}."
                self.note(at, reason, mend)

    def _excerpt(self, name: Any, loc: Loc, stage: Stage | None, broken: bool) -> str:
        """The function's text; "" where there is none."""
        if not isinstance(name, str) or broken:
            return ""
        if stage is None:
            self.note(
                loc, "is no function, for the question has no demo", "Name a demo, or remove it."
            )
            return ""
        functions = stage.demo.functions(stage.variant)
        if name in functions:
            return textwrap.dedent(stage.demo.excerpt(stage.variant, name, stage.values))
        files = ", ".join(stage.demo.variants[stage.variant].files)
        self.note(loc, f"{name} is no function of {files}", did_you_mean(name, functions))
        return ""

    def _stage(self, raw: Any, loc: Loc) -> Stage | None:
        """What a `demo:` means; None for what the model refuses or does not exist."""
        if not isinstance(raw, dict) or not isinstance(name := raw.get("name"), str):
            return None
        if name not in self.demos:
            self.note((*loc, "name"), f"{name} is no demo", did_you_mean(name, self.demos))
            return None
        return self._world(raw, loc, self.demos[name], None)

    def _world(self, raw: dict[str, Any], loc: Loc, demo: Demo, base: Stage | None) -> Stage | None:
        variant = raw.get("variant") or (base.variant if base else demo.variant().name)
        if not isinstance(variant, str):
            return None  # the model says so
        if variant not in demo.variants:
            reason = f"{variant} is no variant of {demo.name}"
            self.note((*loc, "variant"), reason, did_you_mean(variant, demo.variants))
            return None
        known = demo.variants[variant].environments
        environment = raw.get("environment") or known[0]
        if base and not raw.get("environment") and base.environment in known:
            environment = base.environment
        if environment not in known:
            reason = f"{environment} is no environment of {demo.name}, {variant}"
            self.note((*loc, "environment"), reason, did_you_mean(environment, known))
        values = self._values(raw.get("parameters"), (*loc, "parameters"), demo, variant)
        inherited = base.values if base else {}
        kept = {
            name: inherited.get(name, value) for name, value in demo.values(variant, {}).items()
        }
        return Stage(demo, variant, environment, kept | values)

    def _values(self, raw: Any, loc: Loc, demo: Demo, variant: str) -> dict[str, float | int]:
        known = demo.parameters_of(variant)
        values: dict[str, float | int] = {}
        for name, given in raw.items() if isinstance(raw, dict) else ():
            if name not in known:
                reason = f"{name} is no parameter of {demo.name}, {variant}"
                line, column = self.document.place((*loc, name), key=True)
                at = self.document.problem((*loc, name), reason, did_you_mean(name, known))
                self.problems.append(replace(at, line=line, column=column))
                continue
            try:
                values[name] = known[name].read(given)
            except ParameterError as error:
                self.note((*loc, name), error.reason)
        return values

    def _expressions(self, raw: Any, loc: Loc, stage: Stage | None) -> None:
        for at, source in _leaves(raw, loc):
            name = _field_of(at)
            if name not in EXPRESSIONS or not isinstance(source, str):
                continue
            if stage is None:
                self.note(at, "nothing runs that could say this", "Name a demo, or remove it.")
                continue
            try:
                faults = EXPRESSIONS[name].parse(source).problems(stage.names)
            except ClaimError:
                continue  # the model says so
            self.problems += [self.document.fault(at, fault) for fault in faults]

    def _functions(self, raw: Any, loc: Loc, stage: Stage | None) -> None:
        known = stage.names.functions if stage else ()
        for at, name in _leaves(raw, loc):
            if _field_of(at) in FUNCTIONS and isinstance(name, str) and name not in known:
                mend = did_you_mean(name, known) if stage else "The question has no demo."
                self.note(at, f"{name} is no function of the demo's files", mend)

    def _filled(self, raw: Any, loc: Loc, stage: Stage | None, broken: bool = False) -> Any:
        """A copy with the placeholders and what demos leave out filled in."""
        if isinstance(raw, list):
            return [self._filled(item, (*loc, i), stage, broken) for i, item in enumerate(raw)]
        if isinstance(raw, dict):
            return {key: self._filled(v, (*loc, key), stage, broken) for key, v in raw.items()} | (
                self._elsewhere(raw, loc, stage)
            )
        if isinstance(raw, str) and loc[-1] in TEXTS and not broken:
            return self._text(raw, loc, stage)
        return raw

    def _elsewhere(self, raw: dict[str, Any], loc: Loc, stage: Stage | None) -> dict[str, Any]:
        """Worlds and follow-ups' demos in full; the question's own demo is seen to already."""
        found: dict[str, Any] = {}
        for key, given in raw.items():
            at = (*loc, key)
            if key in WORLDS and isinstance(given, dict) and stage:
                if world := self._world(given, at, stage.demo, stage):
                    found[key] = world.over(given)
            elif key == "demo" and loc[0] == "topics" and (other := self._stage(given, at)):
                found[key] = other.over(given)
        return found

    def _text(self, text: str, loc: Loc, stage: Stage | None) -> str:
        values = stage.values if stage else {}
        for name in dict.fromkeys(placeholders(text)):
            if name not in values:
                mend = did_you_mean(name, values) if values else "The question has no demo."
                literal = f"Write {{{{{name}}}}} if you mean the braces."
                self.note(loc, f"{{{name}}} is no parameter", f"{mend} {literal}")
        return fill(text, values)


def _leaves(raw: Any, loc: Loc) -> Iterator[tuple[Loc, Any]]:
    if isinstance(raw, dict | list):
        for key, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from _leaves(value, (*loc, key))
    else:
        yield loc, raw


def _field_of(loc: Loc) -> str:
    """The field in which a leaf stands: one of several in a list bears the list's name."""
    return next((str(step) for step in reversed(loc) if isinstance(step, str)), "")


def slug_of(path: Path) -> str | None:
    """The pack's name, if the file says at least that."""
    try:
        data = Document.read(path).data
    except ProblemsError:
        return None
    slug = data.get("pack") if isinstance(data, dict) else None
    return slug if isinstance(slug, str) else None


def read(path: Path, demos: Mapping[str, Demo]) -> Pack:
    """Raises ProblemsError with everything that is wrong with the file."""
    document = Document.read(path)
    reading = Reading(document, demos)
    data = document.data
    if isinstance(data, dict):
        data = dict(data)
        topics, questions = data.get("topics"), data.get("questions")
        if isinstance(topics, dict):
            data["topics"] = reading.topics(topics)
        if isinstance(questions, list):
            data["questions"] = reading.questions(
                questions, topics if isinstance(topics, dict) else {}
            )
    entry, problems = validate(replace(document, data=data), PackFile)
    problems += reading.problems
    if entry is None or problems:
        unique = dict.fromkeys(problems)
        raise ProblemsError(sorted(unique, key=lambda p: (p.line, p.column)))
    return Pack(
        slug=entry.pack,
        title=entry.title,
        topics={slug: Topic(slug, t.title, t.interview) for slug, t in entry.topics.items()},
        questions=entry.questions,
        file=document.file,
        concepts=entry.concepts,
        patterns=entry.patterns,
        misconceptions=entry.misconceptions,
        since=entry.since,
    )
