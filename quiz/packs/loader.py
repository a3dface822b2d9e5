"""One YAML file as a pack, and all that can be wrong with it. Its model is in schema.py."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from quiz.claims.expression import ClaimError
from quiz.claims.formula import ROOT
from quiz.demos.model import Demo, ParameterError
from quiz.documents.model_errors import validate
from quiz.documents.yaml_document import (
    Document,
    FaultyError,
    Loc,
    Problem,
    ProblemsError,
    field_name,
)
from quiz.errors import did_you_mean
from quiz.packs.pack import Pack, Topic
from quiz.packs.parts import Stage, bound_claims, field_of, leaves
from quiz.packs.schema import (
    EXPRESSIONS,
    FORMULAS,
    FUNCTIONS,
    KINDS,
    LISTS,
    TEXTS,
    WORLDS,
    PackFile,
)
from quiz.questions.base import Question, fill, placeholders


@dataclass
class Reading:
    """A file while it is read: what it says, and what is wrong with it so far."""

    document: Document
    demos: Mapping[str, Demo]
    broken: Mapping[str, Sequence[Problem]] = field(default_factory=dict)
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
        self._sets(raw.get("vary"), (*loc, "vary"), stage, broken)
        code = self._excerpt(raw.get("excerpt"), (*loc, "excerpt"), stage, broken)
        if not broken:
            self._expressions(raw, loc, stage)
            self._functions(raw, loc, stage)
        filled: dict[str, Any] = self._filled(raw, loc, stage, broken) | {"code": code}
        return filled | {"demo": stage.over(raw["demo"])} if stage else filled

    def _sets(self, raw: Any, loc: Loc, stage: Stage | None, broken: bool) -> None:
        """The values with which the question is asked as well: those that the demo takes."""
        if raw is not None and stage is None and not broken:
            self.note(
                loc, "has no numbers, for the question has no demo", "Name one, or remove it."
            )
        if stage and isinstance(raw, list):
            for place, given in enumerate(raw):
                self._values(given, (*loc, place), stage.demo, stage.variant)

    def drawn(self, question: Question, place: int, topics: Mapping[str, Any]) -> Question:
        """The question with its draws: its entry read anew with the numbers of each."""
        raw = self.document.data["questions"][place]
        draws = []
        for number, values in enumerate(question.vary):
            here = Reading(self.document, self.demos, self.broken)
            parameters = {**(raw["demo"].get("parameters") or {}), **values}
            given = {name: value for name, value in raw.items() if name != "vary"}
            given["demo"] = {**raw["demo"], "parameters": parameters}
            filled = here._question(given, ("questions", place), topics)
            draw, problems = validate(replace(self.document, data=filled), KINDS[question.kind])
            for problem in (*here.problems, *problems):
                field = problem.field.removeprefix(f"{field_name(('questions', place))}.")
                reason = f"with these numbers {field}: {problem.reason}"
                self.note(("questions", place, "vary", number), reason, problem.mend)
            draws += [draw] if draw else []
        return question.with_draws(draws)

    def _listed(self, raw: dict[str, Any], loc: Loc) -> None:
        """What a question names stands in the pack's list, where the pack has such a list."""
        for at, name in leaves(raw, loc):
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
        if name in self.broken:
            # The demo's own problems, once: no question that names it is at fault.
            self.problems += self.broken[name]
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
        for at, source in leaves(raw, loc):
            name = field_of(at)
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
        for at, name in leaves(raw, loc):
            if field_of(at) in FUNCTIONS and isinstance(name, str) and name not in known:
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
        if isinstance(raw, str) and stage and ROOT in raw and str(loc[-1]) in FORMULAS:
            return self._worked_out(raw, loc, stage)
        return raw

    def _worked_out(self, source: str, loc: Loc, stage: Stage) -> Any:
        try:
            return FORMULAS[str(loc[-1])].value(source, stage.values)
        except FaultyError as error:
            self.problems += [self.document.fault(loc, fault) for fault in error.faults]
            return 1  # what fits wherever a formula may stand, so that nothing more is said of it

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


def slug_of(path: Path) -> str | None:
    """The pack's name, if the file says at least that."""
    try:
        data = Document.read(path).data
    except ProblemsError:
        return None
    slug = data.get("pack") if isinstance(data, dict) else None
    return slug if isinstance(slug, str) else None


def read(
    path: Path, demos: Mapping[str, Demo], broken: Mapping[str, Sequence[Problem]] | None = None
) -> Pack:
    """Raises ProblemsError with everything that is wrong with the file.

    `broken` are the demos that cannot be used, with what is wrong with each.
    """
    document = Document.read(path)
    reading = Reading(document, demos, broken or {})
    data = document.data
    if isinstance(data, dict):
        bound_claims(document)
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
        raise _sorted(problems)
    questions = [
        reading.drawn(question, place, entry.topics) if question.vary else question
        for place, question in enumerate(entry.questions)
    ]
    if reading.problems:
        raise _sorted(reading.problems)
    return Pack(
        slug=entry.pack,
        title=entry.title,
        topics={slug: Topic(slug, t.title, t.interview) for slug, t in entry.topics.items()},
        questions=tuple(questions),
        file=document.file,
        concepts=entry.concepts,
        patterns=entry.patterns,
        misconceptions=entry.misconceptions,
        since=entry.since,
        author=entry.author,
        license=entry.license,
        version=entry.version,
    )


def _sorted(problems: Sequence[Problem]) -> ProblemsError:
    """All of them once, in the order of the file."""
    unique = dict.fromkeys(problems)
    return ProblemsError(sorted(unique, key=lambda p: (p.file, p.line, p.column)))
