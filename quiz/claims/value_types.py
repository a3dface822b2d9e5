"""The types of values in an expression: how facts have them, and how messages name them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from quiz.claims.facts import VOCABULARY, Names, UnknownFactError, fact_at, written
from quiz.claims.tokens import Way

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

# One value of a kind, and several.
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
    """The type of a part of an expression; the kind "any" where it is not certain.

    `item` is the type of a list's items or of a map's keys, `value` that of a map's values. `way`
    is the path of the facts below an object that is a fact.
    """

    kind: Kind
    item: "Typed | None" = None
    value: "Typed | None" = None
    way: Way = ()

    @property
    def items(self) -> "Typed":
        """What a macro goes through, and what `in` searches."""
        return self.item or ANY

    @property
    def values(self) -> "Typed":
        """What an index gives."""
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
# The type of the fact at a path.
TypeOf = Callable[[Way], Typed]


def common(types: Sequence[Typed]) -> Typed:
    """The type that all of these have, as far as they have one."""
    if len({one.kind for one in types}) != 1:
        return ANY
    first = types[0]
    return Typed(
        first.kind,
        common([one.items for one in types]) if first.item else None,
        common([one.values for one in types]) if first.value else None,
        first.way if all(one.way == first.way for one in types) else (),
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

    def type_of(way: Way) -> Typed:
        # An extra fact may have any type.
        if way[0] == "extra" and len(way) > 1:
            return ANY
        try:
            fact = fact_at([0 if step == "[]" else step for step in way], names)
        except UnknownFactError:
            return ANY
        if fact.type == "list":
            return Typed("list", TEXT)
        if fact.type != "map":
            return Typed(OF_FACTS.get(fact.type, "any"))
        if len(way) == 1 and "[]" in VOCABULARY[str(way[0])]:
            return Typed("list", Typed("object", TEXT, way=(*way, "[]")))
        return Typed("object", TEXT, way=way)

    return type_of


def observed(values: Callable[[str], Any]) -> TypeOf:
    """The types of the values that a run has; what did not happen may have any type."""
    return lambda way: ANY if "[]" in way else _of_value(values(written(way)), way)


def _of_value(value: Any, way: Way = ()) -> Typed:
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
            return Typed("object", TEXT, way=way)
    return ANY
