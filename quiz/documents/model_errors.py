"""pydantic's validation errors as problems: in words for authors, with lines and columns."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from quiz.documents.field_types import FieldType
from quiz.documents.yaml_document import Document, FaultyError, Loc, Problem
from quiz.errors import did_you_mean, nearest

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """The model, or all problems that prevent it, sorted by their places in the file."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        report = _Report(document, model, error.errors())
        problems = dict.fromkeys(report.problems())
        return None, sorted(problems, key=lambda problem: (problem.line, problem.column))


class _Report:
    """The errors that pydantic found in a document, as problems."""

    def __init__(
        self, document: Document, model: type[BaseModel], errors: Sequence[ErrorDetails]
    ) -> None:
        self._document = document
        self._model = model
        self._errors = [error for error in errors if not _follows(error)]
        self._missing = {error["loc"] for error in errors if error["type"] == "missing"}
        unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
        # By the place of a misspelled key, the place of the required key that it stands for.
        self._misspelled = {loc: meant for loc in unknown if (meant := self._meant(loc))}

    def _meant(self, loc: Loc) -> Loc | None:
        missing = [str(other[-1]) for other in self._missing if other[:-1] == loc[:-1]]
        name = nearest(loc[-1], missing)
        return (*loc[:-1], name) if name else None

    def problems(self) -> Iterator[Problem]:
        for error in self._errors:
            if error["loc"] not in self._misspelled.values():
                yield from self._of(error)

    def _of(self, error: ErrorDetails) -> Iterator[Problem]:
        loc = _own(self._document.data, error["loc"], error["type"])
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, FaultyError):
            yield from (self._document.fault(loc, fault) for fault in cause.faults)
        elif error["type"] == "extra_forbidden":
            meant = self._misspelled.get(error["loc"])
            known = [str(meant[-1])] if meant else _known(self._model, self._document.data, loc)
            mend = did_you_mean(loc[-1], known)
            yield self._document.problem_of_key(loc, "is not known here", mend)
        else:
            yield self._document.problem(loc, *_words(error))


def _follows(error: ErrorDetails) -> bool:
    """Whether a list is too short only because pydantic does not count invalid items."""
    short = error["type"] == "too_short" and isinstance(error["input"], list)
    return short and len(error["input"]) >= error["ctx"]["min_length"]


def _own(data: Any, loc: Loc, kind: str) -> Loc:
    """The place without pydantic's additions: tags of unions and names of types."""
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


def _known(model: type[BaseModel], data: Any, loc: Loc) -> list[str]:
    """The keys that the mapping which holds `loc` may have."""
    type = FieldType((model,))
    for part in loc[:-1]:
        type, data = type.below(part, data), data[part]
    return list(type.fields(data))


def _words(error: ErrorDetails) -> tuple[str, str]:
    """The reason and the advice for a pydantic error."""
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
