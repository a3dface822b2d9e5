"""Request bodies of the sandbox API, and the words for a value that does not fit.

A body is read as JSON in UTF-8, whatever its Content-Type is: `curl -d` sends the type of a form.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from quiz.demos.model import Break

EXPECTED = {
    "string_type": "a text",
    "float_type": "a number",
    "dict_type": "a JSON object",
    "model_type": "a JSON object",
    "model_attributes_type": "a JSON object",
}


class Body(BaseModel):
    """A request body, which is validated from its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: object) -> object:
        return _parsed(given) if isinstance(given, bytes) else given


def _number(value: object) -> int | float:
    """Keeps an integer as it is: an error then shows the number as the caller wrote it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("float_type")
    return value


Number = Annotated[int | float, PlainValidator(_number, json_schema_input_type=float)]


class RunRequest(Body):
    """What to run. Every key can be left out."""

    variant: str | None = Field(
        default=None, description="An alternative of the demo, or its first."
    )
    environment: str | None = Field(
        default=None, description="Where to run it, or the variant's first."
    )
    parameters: dict[str, Number] | None = Field(
        default=None,
        description="Values by name, as the demo's schema at /sandbox describes them."
        " Defaults replace what is left out.",
    )


class BreakRequest(Body):
    """What to break in a run."""

    what: Break = Field(description="A process, the broker, or the client's connection.")


def misfit(errors: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> str:
    """The first error of Pydantic in our words, with the name of the value first.

    An unknown key comes before a wrong value, because a misspelt key explains the value.
    """
    error = min(errors, key=lambda error: error["type"] != "extra_forbidden")
    return f"{error['loc'][-1]}: {_reason(error, keys)}."


def _reason(error: Mapping[str, Any], keys: Sequence[str]) -> str:
    kind = error["type"]
    if kind in EXPECTED:
        return f"must be {EXPECTED[kind]}, not {_called(error['input'])}"
    if kind == "extra_forbidden":
        return f"is not known here. There are: {', '.join(keys)}"
    if kind == "literal_error":
        return f"must be {error['ctx']['expected']}"
    if kind == "missing":
        return "is missing"
    return str(error["msg"])


def _called(value: object) -> str:
    """The name of a JSON value's type."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    kinds: dict[type, str] = {str: "a text", dict: "an object", list: "a list"}
    return kinds.get(type(value), "a number")


def _parsed(body: bytes) -> Any:
    try:
        given = json.loads(body or b"{}", parse_constant=_refuse_constant)
        # JSON can name half of a surrogate pair. No database and no response can hold it.
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        raise PydanticCustomError(
            "json", "must be JSON in UTF-8: {reason}", {"reason": reason}
        ) from None
    return given


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity, which are not JSON. `json.loads` accepts them unless it is told."""
    raise ValueError(name)
