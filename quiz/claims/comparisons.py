"""Finds comparisons of different types in an expression, without evaluating it.

Such a comparison has the same result in every run, so it proves nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quiz.claims.tokens import MACROS, Token, is_bytes, text_at, unquoted
from quiz.claims.value_types import ANY, TEXT, Kind, Typed, TypeOf, common, unlike

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")
FUNCTIONS: dict[str, Kind] = {
    **dict.fromkeys(("size", "int", "uint", "double"), "number"),
    **dict.fromkeys(("has", "exists", "exists_one", "all"), "truth"),
    **dict.fromkeys(("startsWith", "endsWith", "contains", "matches", "bool"), "truth"),
    "string": "text",
    "bytes": "bytes",
    "duration": "duration",
    "timestamp": "timestamp",
}
LITERALS: dict[str, Kind] = {"true": "truth", "false": "truth", "null": "null"}


@dataclass(frozen=True)
class Clash:
    """A comparison of different types; `column` counts from 1 and is that of its operator."""

    reason: str
    mend: str
    column: int


def clashes(source: str, tokens: Sequence[Token], type_of: TypeOf) -> list[Clash]:
    """All comparisons of different types in an expression that the CEL library compiles."""
    reader = _Reader(source, tokens, type_of)
    reader.expression()
    return reader.found


class _Reader:
    """Reads an expression by CEL's grammar. Each method reads one level of the grammar."""

    def __init__(self, source: str, tokens: Sequence[Token], type_of: TypeOf) -> None:
        self._source = source
        self._tokens = tokens
        self._type_of = type_of
        self._at = 0
        self._variables: list[tuple[str, Typed]] = []  # of the enclosing macros
        self.found: list[Clash] = []

    @property
    def _text(self) -> str:
        return text_at(self._tokens, self._at)

    def _take(self, *texts: str) -> Token | None:
        """The next token, if it is one of these."""
        if self._text not in texts:
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def expression(self) -> Typed:
        condition = self._either()
        if not self._take("?"):
            return condition
        first = self.expression()
        self._take(":")
        return common([first, self.expression()])

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
        while sign := self._take(*COMPARISONS):
            middle = self._at
            right = self._sum()
            sides = self._written(start, middle - 1), self._written(middle, self._at)
            self.found += _clash(sign, sides, left, right)
            left = Typed("truth")
        return left

    def _written(self, start: int, end: int) -> str:
        """The source of the tokens from `start` up to `end`."""
        until = self._tokens[end].column - 1 if end < len(self._tokens) else None
        return self._source[self._tokens[start].column - 1 : until].strip()

    def _sum(self) -> Typed:
        return self._arithmetic(("+", "-"), lambda: self._arithmetic(("*", "/", "%"), self._unary))

    def _arithmetic(self, signs: tuple[str, ...], part: Callable[[], Typed]) -> Typed:
        found = part()
        while self._take(*signs):
            found = common([found, part()])
            # The difference of two timestamps is a duration.
            found = ANY if found.kind == "timestamp" else found
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
                found = self._method(found, name) if self._take("(") else self._below(found, name)
            elif self._take("["):
                start, key = self._at, self._tokens[self._at]
                is_name = key.kind == "string" and text_at(self._tokens, self._at + 1) == "]"
                self._check_index(start, self.expression())
                self._take("]")
                found = self._below(found, unquoted(key)) if is_name else found.values
            else:
                return found

    def _check_index(self, start: int, index: Typed) -> None:
        """The library accepts a list as an index, and then compares it with every key."""
        if index.kind not in ("number", "text", "any"):
            written = self._written(start, self._at)
            reason = f"{written} is {index.noun}, which cannot be an index"
            column = self._tokens[start].column
            self.found.append(Clash(reason, "Write a number or a name in the brackets.", column))

    def _below(self, found: Typed, name: str) -> Typed:
        return self._type_of((*found.path, name)) if found.path else found.values

    def _method(self, found: Typed, name: str) -> Typed:
        """The type of a method's or macro's result. The opening bracket has been read."""
        is_variable = self._tokens[self._at].kind == "variable"
        if is_variable and name in MACROS:
            self._variables.append((self._text, found.items))
            self._at += 1
            self._take(",")
        arguments = self._list(")")
        if is_variable:
            self._variables.pop()
        if name == "filter":
            return Typed("list", found.items)
        if name == "map":
            return Typed("list", arguments[-1] if arguments else ANY)
        return Typed(FUNCTIONS.get(name, "any"))

    def _primary(self) -> Typed:
        self._take(".")
        if self._take("("):
            found = self.expression()
            self._take(")")
            return found
        if self._take("["):
            return Typed("list", common(self._list("]")))
        if self._take("{"):
            parts = self._list("}")
            return Typed("object", common(parts[::2]), common(parts[1::2]))
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case "path":
                return self._type_of(token.path)
            case "string":
                return Typed("bytes") if is_bytes(token) else TEXT
            case "int" | "double":
                return Typed("number")
        if self._take("("):
            arguments = self._list(")")
            if token.text == "dyn" and arguments:
                return arguments[0]
            return Typed(FUNCTIONS.get(token.text, "any"))
        return self._named(token.text)

    def _named(self, name: str) -> Typed:
        """The type of a literal such as true, or of a macro's variable."""
        if kind := LITERALS.get(name):
            return Typed(kind)
        return next((found for known, found in reversed(self._variables) if known == name), ANY)

    def _list(self, end: str) -> list[Typed]:
        """The types of the parts between commas or colons, up to the closing bracket."""
        found: list[Typed] = []
        while self._at < len(self._tokens) and not self._take(end):
            found.append(self.expression())
            self._take(",", ":")
        return found


def _clash(sign: Token, sides: tuple[str, str], left: Typed, right: Typed) -> Iterator[Clash]:
    one, other = left, right
    if sign.text == "in":
        other = right.items
    if not unlike(one, other):
        return
    if "null" in (one.kind, other.kind):
        fact = sides[one.kind == "null"]
        yield Clash(f"{fact} is never null", f"Write !has({fact}).", sign.column)
        return
    each = {"object": "each key", "list": "each item"}.get(right.kind)
    what = f"{each} of {sides[1]}" if sign.text == "in" and each else sides[1]
    always = "always" if sign.text == "!=" else "never"
    reason = f"{sides[0]} is {one.noun} and {what} is {other.noun}, so this is {always} true"
    yield Clash(reason, f"Compare {sides[0]} with {one.noun}.", sign.column)
