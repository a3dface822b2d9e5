"""What keeps a document from being a model: pydantic's errors in an author's words, with places."""

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from quiz.documents.yaml_document import Document, FaultyError, Loc, Problem
from quiz.errors import did_you_mean

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """The model, or everything that keeps the document from being one."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        details = [detail for detail in error.errors() if not _follows(detail)]
        found = [p for detail in details for p in _problems(document, model, detail)]
        return None, sorted(dict.fromkeys(found), key=lambda p: (p.line, p.column))


def _follows(error: ErrorDetails) -> bool:
    """Whether a list is too short only because pydantic counts its sound members alone."""
    short = error["type"] == "too_short" and isinstance(error["input"], list)
    return short and len(error["input"]) >= error["ctx"]["min_length"]


def _problems(document: Document, model: type[BaseModel], error: ErrorDetails) -> list[Problem]:
    loc = _own(document.data, error["loc"], error["type"])
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, FaultyError):
        return [document.fault(loc, fault) for fault in cause.faults]
    if error["type"] == "extra_forbidden":
        known = _known(model, error["loc"])
        return [document.problem_of_key(loc, "is not known here", did_you_mean(loc[-1], known))]
    reason, mend = _words(error)
    return [document.problem(loc, reason, mend)]


def _own(data: Any, loc: Loc, kind: str) -> Loc:
    """The place without what pydantic adds: the tag of a union's member, the type it tried."""
    own: list[str | int] = []
    tagged = False
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        if isinstance(data, dict) and part == data.get("kind") and not tagged:
            tagged = True
        elif isinstance(data, dict) and (part in data or (last and kind == "missing")):
            data, tagged = data.get(part), False
            own.append(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data, tagged = data[part], False
            own.append(part)
    return tuple(own)


def _known(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the mapping at `loc` may have."""
    models = [model]
    for part in loc[:-1]:
        if tagged := [m for m in models if part in _tag(m)]:
            models = tagged
            continue
        fields = [
            f for m in models for name, f in m.model_fields.items() if part == (f.alias or name)
        ]
        if fields:
            models = [inner for field in fields for inner in _models(field.annotation)]
    names = (f.alias or name for m in models for name, f in m.model_fields.items())
    return list(dict.fromkeys(names))


def _tag(model: type[BaseModel]) -> tuple[Any, ...]:
    kind = model.model_fields.get("kind")
    return get_args(kind.annotation) if kind else ()


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _words(error: ErrorDetails) -> tuple[str, str]:
    """Reason and mend of one of pydantic's errors, in an author's words."""
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing", "Add it."
        case "string_type":
            given = error["input"]
            mend = "Put it in quotes." if isinstance(given, bool | int | float) else ""
            return f"must be text, not {_described(given)}", mend
        case "too_long":
            mend = f"Leave at most {context['max_length']}."
            return f"has {context['actual_length']} entries", mend
        case "union_tag_invalid":
            known = str(context["expected_tags"]).replace("'", "").split(", ")
            return f"kind {context['tag']} is not known", did_you_mean(context["tag"], known)
        case "union_tag_not_found":
            return "kind is missing", "Say how the question is answered, such as kind: choice."
        case "string_pattern_mismatch":
            return f"{error['input']!r} is not written as it must be", f"Match {context['pattern']}"
    return _plain(error["msg"]), f"It is {_described(error['input'])}."


def _plain(message: str) -> str:
    message = message.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    return message.replace("valid dictionary", "mapping").replace("valid tuple", "list")


def _described(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case dict():
            return "a mapping"
        case list():
            return "a list"
    written = repr(value)
    return written if len(written) <= 40 else f"{written[:40]}…"
