"""Types of the values in an expression, and the nouns for them in messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from quiz.claims.facts import FACT_SCHEMA, Names, UnknownFactError, fact_at, written
from quiz.claims.tokens import FactPath

Kind = Literal[
    "number",
    "text",
    "truth",
    "bytes",
    "duration",
    "timestamp",
    "list",
    "object",
    "null",
    "any",
]

# The noun for one value of a type, and for several.
NOUNS: dict[Kind, tuple[str, str]] = {
    "number": ("a number", "numbers"),
    "text": ("a text", "texts"),
    "truth": ("true or false", "true or false values"),
    "bytes": ("bytes", "bytes"),
    "duration": ("a duration", "durations"),
    "timestamp": ("a timestamp", "timestamps"),
    "list": ("a list", "lists"),
    "object": ("an object", "objects"),
    "null": ("null", "nulls"),
    "any": ("anything", "values"),
}
OF_FACTS: dict[str, Kind] = {
    "double": "number",
    "int": "number",
    "string": "text",
    "bool": "truth",
}


@dataclass(frozen=True)
class Typed:
    """The type of a part of an expression. The kind is "any" if the type is not certain.

    `item` is the type of a list's items or of a map's keys, `value` that of a map's values. `path`
    is the path of an object that contains facts.
    """

    kind: Kind
    item: "Typed | None" = None
    value: "Typed | None" = None
    path: FactPath = ()

    @property
    def items(self) -> "Typed":
        """The type that a macro iterates over, and that `in` searches."""
        return self.item or ANY

    @property
    def values(self) -> "Typed":
        """The type of the value at an index or key."""
        if self.kind == "list":
            return self.items
        return self.value or ANY

    @property
    def noun(self) -> str:
        if self.kind != "list" or self.items.kind == "any":
            return NOUNS[self.kind][0]
        return f"a list of {NOUNS[self.items.kind][1]}"


ANY = Typed("any")
TEXT = Typed("text")
# Gives the type of the fact at a path.
TypeOf = Callable[[FactPath], Typed]


def common(types: Sequence[Typed]) -> Typed:
    """The type that all of these have in common."""
    if len({one.kind for one in types}) != 1:
        return ANY
    first = types[0]
    return Typed(
        first.kind,
        common([one.items for one in types]) if first.item else None,
        common([one.values for one in types]) if first.value else None,
        first.path if all(one.path == first.path for one in types) else (),
    )


def unlike(one: Typed, other: Typed) -> bool:
    """Whether no value of one type equals a value of the other."""
    if "any" in (one.kind, other.kind):
        return False
    if one.kind == other.kind == "list":
        return unlike(one.items, other.items)
    return one.kind != other.kind


def declared(names: Names | None = None) -> TypeOf:
    """The types that the fact schema gives to the facts of an expression."""

    def type_of(path: FactPath) -> Typed:
        # An extra fact may have any type.
        if path[0] == "extra" and len(path) > 1:
            return ANY
        try:
            fact = fact_at([0 if step == "[]" else step for step in path], names)
        except UnknownFactError:
            return ANY
        if fact.type == "list":
            return Typed("list", TEXT)
        if fact.type != "map":
            return Typed(OF_FACTS.get(fact.type, "any"))
        if len(path) == 1 and "[]" in FACT_SCHEMA[str(path[0])]:
            return Typed("list", Typed("object", TEXT, path=(*path, "[]")))
        return Typed("object", TEXT, path=path)

    return type_of


def observed(values: Callable[[str], Any]) -> TypeOf:
    """The types of the values in a run. A missing fact may have any type."""
    return lambda path: ANY if "[]" in path else _of_value(values(written(path)), path)


def _of_value(value: Any, path: FactPath = ()) -> Typed:
    match value:
        case bool():
            return Typed("truth")
        case int() | float():
            return Typed("number")
        case str():
            return TEXT
        case list() | tuple():
            return Typed("list", common([_of_value(item) for item in value]))
        case dict():
            return Typed("object", TEXT, path=path)
    return ANY
