"""Reads a YAML file as a pack, and reports all that is wrong with it. Its model is in schema.py."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from quiz.demos.model import Demo
from quiz.documents.model_errors import validate
from quiz.documents.yaml_document import Document, Problem, ProblemsError, field_name
from quiz.packs.claim_limits import check_limits
from quiz.packs.pack import Pack, Topic
from quiz.packs.question_reader import complete, complete_question
from quiz.packs.reading import Reading
from quiz.packs.schema import KINDS, PACK, PackFile
from quiz.questions.base import Question


def read(
    path: Path, demos: Mapping[str, Demo], broken: Mapping[str, Sequence[Problem]] | None = None
) -> Pack:
    """The pack of a file. Raises ProblemsError with everything that is wrong with it.

    `broken` are the demos that cannot be used, each with its own problems.
    """
    document = Document.read(path)
    check_limits(document)
    reading = Reading(document, demos, broken or {})
    entry = validated(reading)
    if entry is None or reading.problems:
        raise _sorted(reading.problems)
    questions = [
        _with_variants(reading, question, place) if question.vary else question
        for place, question in enumerate(entry.questions)
    ]
    if reading.problems:
        raise _sorted(reading.problems)
    return _pack(entry, questions, document.file)


def validated(reading: Reading) -> PackFile | None:
    """The model of the file; None if it has none. All problems are in `reading.problems`."""
    data = reading.data
    if isinstance(data, dict):
        data = {key: _completed(reading, key, value) for key, value in data.items()}
    entry, problems = validate(replace(reading.document, data=data), PackFile)
    reading.problems += problems
    return entry


def slug_of(path: Path) -> str | None:
    """The pack's name, if the file can be read at least that far."""
    try:
        data = Document.read(path).data
    except ProblemsError:
        return None
    slug = data.get("pack") if isinstance(data, dict) else None
    return slug if isinstance(slug, str) else None


def _completed(reading: Reading, key: str, value: Any) -> Any:
    if key != "questions" or not isinstance(value, list):
        return complete(reading, PACK.below(key, reading.data), value, (key,))
    _check_ids(reading, value)
    return [
        complete_question(reading, raw, ("questions", place)) if isinstance(raw, dict) else raw
        for place, raw in enumerate(value)
    ]


def _check_ids(reading: Reading, questions: Sequence[Any]) -> None:
    first: dict[str, int] = {}
    for place, raw in enumerate(questions):
        if not isinstance(raw, dict) or not isinstance(id := raw.get("id"), str):
            continue
        if id in first:
            line, _ = reading.document.place(("questions", first[id], "id"))
            reason = f"{id} is a question in line {line} already"
            reading.note(("questions", place, "id"), reason, "Rename it.")
        first.setdefault(id, place)


def _with_variants(reading: Reading, question: Question, place: int) -> Question:
    """The question with its variants: its entry read again with each set of parameters."""
    raw = reading.data["questions"][place]
    found = (
        _variant(reading, raw, (place, number), KINDS[question.kind])
        for number in range(len(question.vary))
    )
    return question.with_variants([variant for variant in found if variant])


def _variant(
    reading: Reading, raw: Mapping[str, Any], at: tuple[int, int], kind: type[Question]
) -> Question | None:
    place, number = at
    again = reading.without_problems()
    parameters = {**(raw["demo"].get("parameters") or {}), **raw["vary"][number]}
    given = {name: value for name, value in raw.items() if name != "vary"}
    given["demo"] = {**raw["demo"], "parameters": parameters}
    data = complete_question(again, given, ("questions", place))
    variant, problems = validate(replace(reading.document, data=data), kind)
    for problem in (*again.problems, *problems):
        field = problem.field.removeprefix(f"{field_name(('questions', place))}.")
        reason = f"with these numbers {field}: {problem.reason}"
        reading.note(("questions", place, "vary", number), reason, problem.mend)
    return variant


def _pack(entry: PackFile, questions: Sequence[Question], file: str) -> Pack:
    return Pack(
        slug=entry.pack,
        title=entry.title,
        topics={slug: Topic(slug, t.title, t.interview) for slug, t in entry.topics.items()},
        questions=tuple(questions),
        file=file,
        concepts=entry.concepts,
        patterns=entry.patterns,
        misconceptions=entry.misconceptions,
        since=entry.since,
        author=entry.author,
        license=entry.license,
        version=entry.version,
    )


def _sorted(problems: Sequence[Problem]) -> ProblemsError:
    """Each problem once, in the order of the file."""
    unique = dict.fromkeys(problems)
    return ProblemsError(sorted(unique, key=lambda p: (p.file, p.line, p.column)))
