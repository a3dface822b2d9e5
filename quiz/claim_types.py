"""The types of an expression's parts, found without evaluating it.

A comparison of unlike types gives the same answer in every run, so it can prove nothing. Pure; it
knows tokens and the kinds of facts, and no run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from quiz.pieces import Piece, text_at
from quiz.vocabulary import VOCABULARY, Names, UnknownFactError, fact_at

Kind = Literal["number", "text", "truth", "list", "object", "null", "any"]

NOUNS: dict[Kind, str] = {
    "number": "a number",
    "text": "a text",
    "truth": "true or false",
    "list": "a list",
    "object": "an object",
    "null": "null",
    "any": "anything",
}
EQUALITY, ORDER = ("==", "!="), ("<", "<=", ">", ">=")
FUNCTIONS: dict[str, Kind] = {
    **dict.fromkeys(("size", "int", "uint", "double"), "number"),
    **dict.fromkeys(("has", "exists", "exists_one", "all"), "truth"),
    **dict.fromkeys(("startsWith", "endsWith", "contains", "matches", "bool"), "truth"),
    **dict.fromkeys(("filter", "map"), "list"),
    "string": "text",
}
LITERALS: dict[str, Kind] = {"true": "truth", "false": "truth", "null": "null"}
OF_FACTS: dict[str, Kind] = {
    "double": "number",
    "int": "number",
    "string": "text",
    "bool": "truth",
    "list": "list",
}
KindOf = Callable[[Piece], "Typed"]


@dataclass(frozen=True)
class Typed:
    """The kind of a part of an expression; `item` is that of a list's items."""

    kind: Kind
    item: Kind = "any"

    @property
    def noun(self) -> str:
        if self.kind != "list" or self.item == "any":
            return NOUNS[self.kind]
        return f"a list with {NOUNS[self.item]}"


ANY = Typed("any")


@dataclass(frozen=True)
class Clash:
    """A comparison of unlike types; `column` counts from 1 and is that of its operator."""

    reason: str
    mend: str
    column: int


def clashes(source: str, pieces: Sequence[Piece], kind_of: KindOf) -> list[Clash]:
    """All comparisons of unlike types in an expression that the CEL library has compiled."""
    reader = _Reader(source, pieces, kind_of)
    reader.expression()
    return reader.found


def declared(names: Names | None = None) -> KindOf:
    """The kinds that the fact schema gives to the facts of an expression."""

    def kind_of(piece: Piece) -> Typed:
        try:
            fact = fact_at([0 if step == "[]" else step for step in piece.way], names)
        except UnknownFactError:
            return ANY
        if fact.type == "map":
            return Typed("list" if "[]" in VOCABULARY.get(str(piece.way[-1]), {}) else "object")
        return Typed(OF_FACTS.get(fact.type, "any"), "text" if fact.type == "list" else "any")

    return kind_of


def observed(values: Callable[[str], Any]) -> KindOf:
    """The kinds of the values that a run has; what did not happen may be of any kind."""
    return lambda piece: _of_value(None if "[]" in piece.way else values(piece.text))


def _of_value(value: Any) -> Typed:
    match value:
        case bool():
            return Typed("truth")
        case int() | float():
            return Typed("number")
        case str():
            return Typed("text")
        case list() | tuple():
            return Typed("list", _common([_of_value(item).kind for item in value]))
        case dict():
            return Typed("object")
    return ANY


def _common(kinds: Sequence[Kind]) -> Kind:
    return kinds[0] if len(set(kinds)) == 1 else "any"


class _Reader:
    """Reads an expression by CEL's grammar. Each method reads one level of it."""

    def __init__(self, source: str, pieces: Sequence[Piece], kind_of: KindOf) -> None:
        self._source = source
        self._pieces = pieces
        self._kind_of = kind_of
        self._at = 0
        self.found: list[Clash] = []

    @property
    def _text(self) -> str:
        return text_at(self._pieces, self._at)

    def _take(self, *texts: str) -> Piece | None:
        """The next token, if it is one of these; a string never is."""
        if self._text not in texts or self._pieces[self._at].kind == "string":
            return None
        self._at += 1
        return self._pieces[self._at - 1]

    def expression(self) -> Typed:
        condition = self._either()
        if not self._take("?"):
            return condition
        first = self.expression()
        self._take(":")
        second = self.expression()
        return first if first == second else ANY

    def _either(self) -> Typed:
        return self._joined("||", self._both)

    def _both(self) -> Typed:
        return self._joined("&&", self._relation)

    def _joined(self, sign: str, part: Callable[[], Typed]) -> Typed:
        found = part()
        while self._take(sign):
            part()
            found = Typed("truth")
        return found

    def _relation(self) -> Typed:
        start = self._at
        left = self._sum()
        while sign := self._take(*EQUALITY, *ORDER, "in"):
            middle = self._at
            right = self._sum()
            sides = self._written(start, middle - 1), self._written(middle, self._at)
            self.found += _clash(sign, sides, left, right)
            left = Typed("truth")
        return left

    def _written(self, start: int, end: int) -> str:
        """The source of the tokens from `start` up to `end`."""
        until = self._pieces[end].column - 1 if end < len(self._pieces) else None
        return self._source[self._pieces[start].column - 1 : until].strip()

    def _sum(self) -> Typed:
        return self._arithmetic(("+", "-"), lambda: self._arithmetic(("*", "/", "%"), self._unary))

    def _arithmetic(self, signs: tuple[str, ...], part: Callable[[], Typed]) -> Typed:
        found = part()
        while self._take(*signs):
            other = part()
            found = found if found == other else ANY
        return found

    def _unary(self) -> Typed:
        if self._take("!"):
            self._unary()
            return Typed("truth")
        if self._take("-"):
            return self._unary()
        return self._member()

    def _member(self) -> Typed:
        found = self._primary()
        while True:
            if self._take("."):
                name = self._text
                self._at += 1
                if self._take("("):
                    self._list(")")
                    found = Typed(FUNCTIONS.get(name, "any"))
                else:
                    found = ANY
            elif self._take("["):
                self.expression()
                self._take("]")
                found = Typed(found.item)
            else:
                return found

    def _primary(self) -> Typed:
        if self._take("("):
            found = self.expression()
            self._take(")")
            return found
        if self._take("["):
            return Typed("list", _common([one.kind for one in self._list("]")]))
        if self._take("{"):
            self._list("}")
            return Typed("object")
        piece = self._pieces[self._at]
        self._at += 1
        match piece.kind:
            case "path":
                return self._kind_of(piece)
            case "string":
                return Typed("text")
            case "int" | "double":
                return Typed("number")
        if self._take("("):
            self._list(")")
            return Typed(FUNCTIONS.get(piece.text, "any"))
        return Typed(LITERALS.get(piece.text, "any"))

    def _list(self, end: str) -> list[Typed]:
        """What stands between commas (or colons) up to the closing bracket."""
        found: list[Typed] = []
        while self._at < len(self._pieces) and not self._take(end):
            found.append(self.expression())
            self._take(",", ":")
        return found


def _clash(sign: Piece, sides: tuple[str, str], left: Typed, right: Typed) -> Iterator[Clash]:
    one, other = left, right
    if sign.text == "in":
        other = Typed(right.item)
    if one.kind == other.kind == "list":
        unlike = one.item != other.item and "any" not in (one.item, other.item)
    else:
        unlike = one.kind != other.kind and "any" not in (one.kind, other.kind)
    if not unlike:
        return
    if "null" in (one.kind, other.kind):
        fact = sides[one.kind == "null"]
        yield Clash(f"{fact} is never null", f"Write !has({fact}).", sign.column)
        return
    what = f"each item of {sides[1]}" if sign.text == "in" else sides[1]
    always = "always" if sign.text == "!=" else "never"
    reason = f"{sides[0]} is {one.noun} and {what} is {other.noun}, so this is {always} true"
    yield Clash(reason, f"Compare {sides[0]} with {one.noun}.", sign.column)
