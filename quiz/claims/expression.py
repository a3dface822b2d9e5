"""CEL expressions over the facts of a run: what an option claims, and whether a run confirms it.

A pack is data: an expression cannot call Python. Knows the fact schema, and no page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated, Any, Self

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from quiz.claims import comparisons, faults, tokens, value_types
from quiz.claims.doubles import INDEX, as_index, doubles, with_doubles
from quiz.claims.facts import SAMPLE, Names, resolve, says
from quiz.claims.syntax import ClaimError as ClaimError
from quiz.claims.syntax import check_bounds, compiled, growth
from quiz.claims.tokens import Token
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.errors import QuizError
from quiz.questions import text_match
from quiz.questions.outcome import Outcome

# Iterations, or copied items, that take a fraction of a second.
MOST_TURNS = 100_000


@dataclass(frozen=True)
class Expression:
    """A CEL expression whose value is a number, such as the answer that a run gives."""

    source: str

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, source: str) -> Self:
        """The expression of a text. Raises ClaimError."""
        check_bounds(source)
        compiled(source)
        return cls(source)

    @cached_property
    def _tokens(self) -> tuple[Token, ...]:
        return tuple(tokens.read(self.source))

    def paths(self) -> list[str]:
        """The paths of the facts that the expression names, each once."""
        found: dict[str, None] = {}
        for token in self._tokens:
            if token.kind == "path" and "[]" not in token.path and not faults.is_map(token):
                found[token.text] = None
        return list(found)

    def problems(self, names: Names) -> list[Fault]:
        """Unknown facts, and operations that fail or that have the same result in every run."""
        found = list(faults.faults(self._tokens, names))
        found = found or [*self._constant(), *self._clashes(names)]
        return found or list(self._tried(names))

    def _constant(self) -> Iterator[Fault]:
        if not any(token.kind == "path" for token in self._tokens):
            mend = "Name a fact, such as background_ms or count.task_b."
            yield Fault("names no fact, so every run gives the same answer", mend)

    def _clashes(self, names: Names) -> Iterator[Fault]:
        for clash in comparisons.clashes(self.source, self._tokens, value_types.declared(names)):
            yield Fault(clash.reason, clash.mend, column=clash.column)

    def evaluate(self, facts: Mapping[str, Any]) -> Any:
        """The value in a run. Raises QuizError if the run lacks a fact that is needed."""
        if reason := self._too_much(facts):
            raise QuizError(reason)
        try:
            # Without a response, `has(response.status)` must be false, not an error.
            return _executed(self.source, {"response": {}, **facts})
        except Exception as error:
            # The library raises Python's errors for a missing key, an index, a type or a zero.
            raise QuizError(self._lack(error, facts) or _failure(error)) from error

    def _too_much(self, facts: Mapping[str, Any]) -> str:
        """Why a run is too large: the expression would block the server for too long."""
        power = growth(self.source)
        if power < 2:
            return ""
        longest = max((_longest(value) for value in facts.values()), default=0)
        if longest**power <= MOST_TURNS:
            return ""
        return (
            f"the run has a list of {longest} items, which is too long for "
            "loops within loops, map, filter, or a whole list in a loop"
        )

    def _lack(self, error: Exception, facts: Mapping[str, Any]) -> str:
        if not isinstance(error, KeyError | RuntimeError):
            return ""
        lacking = (says(path, None) for path in self.paths() if resolve(facts, path) is None)
        return ", ".join(dict.fromkeys(lacking))

    def fits(self, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    @property
    def expected(self) -> str:
        return "a number"

    def _tried(self, names: Names) -> Iterator[Fault]:
        for column, source in tokens.conjuncts(self._tokens, self.source):
            try:
                _executed(source, names.sample)
            except (IndexError, ArithmeticError):
                continue
            except (KeyError, TypeError, RuntimeError, ValueError) as error:
                # Only a run has the names that an expression such as call[c.name] looks up.
                is_looked_up = isinstance(error, KeyError) and error.args[0] == SAMPLE["string"]
                if not is_looked_up and "extra." not in source:
                    is_type = isinstance(error, TypeError)
                    mend = "Compare values of the same type." if is_type else ""
                    yield Fault(_failure(error), mend, column=column)
                    return
        try:
            value = _executed(self.source, names.sample)
        except Exception:
            # The sample facts cannot satisfy every expression, so a failure is no fault.
            return
        if not self.fits(value):
            yield Fault(
                f"gives {_noun(value)}, not {self.expected}", f"Make it give {self.expected}."
            )


@dataclass(frozen=True)
class Claim(Expression):
    """A CEL expression that is true or false in a run."""

    def check(self, facts: Mapping[str, Any]) -> Outcome:
        observed = {path: resolve(facts, path) for path in self.paths()}
        if clash := self._clash(facts):
            return Outcome(None, observed, clash)
        try:
            value = self.evaluate(facts)
        except QuizError as error:
            return Outcome(None, observed, str(error))
        if not isinstance(value, bool):
            return Outcome(None, observed, f"gives {_noun(value)}, not {self.expected}")
        return Outcome(value, observed)

    def _clash(self, facts: Mapping[str, Any]) -> str:
        """Why this run cannot decide the claim. Only a run has the types of extra facts."""
        if not any(path.startswith("extra.") for path in self.paths()):
            return ""
        types = value_types.observed(lambda path: resolve(facts, path))
        found = comparisons.clashes(self.source, self._tokens, types)
        return found[0].reason if found else ""

    def fits(self, value: Any) -> bool:
        return isinstance(value, bool)

    @property
    def expected(self) -> str:
        return "true or false"


@dataclass(frozen=True)
class TextExpression(Expression):
    """A CEL expression whose value is a text, such as the name of an error."""

    def fits(self, value: Any) -> bool:
        return isinstance(value, str)

    @property
    def expected(self) -> str:
        return "a text"


@dataclass(frozen=True)
class Said:
    """The claim that the text of a run is one of these words, in any spelling.

    Of an error such as `ValueError: no such order`, only the name before the colon counts.
    """

    says: TextExpression
    words: tuple[str, ...]

    @property
    def source(self) -> str:
        return f"{self.says.source} in {list(self.words)}"

    def paths(self) -> list[str]:
        return self.says.paths()

    def check(self, facts: Mapping[str, Any]) -> Outcome:
        observed = {path: resolve(facts, path) for path in self.paths()}
        try:
            value = self.says.evaluate(facts)
        except QuizError as error:
            return Outcome(None, observed, str(error))
        if not isinstance(value, str):
            return Outcome(None, observed, f"gives {_noun(value)}, not {self.says.expected}")
        word = value.partition(":")[0]
        return Outcome(text_match.same(word, self.words), observed, value=word)


def in_words(outcome: Outcome) -> list[str]:
    """One line for each observed fact, or the reason why the run decides nothing."""
    if outcome.error:
        return [outcome.error]
    return list(dict.fromkeys(says(path, value) for path, value in outcome.observed.items()))


def _executed(source: str, facts: Mapping[str, Any]) -> Any:
    """The value of an expression. The library gets only the named facts, with doubles."""
    program = compiled(with_doubles(source))
    named = (name for name in program.variables() if name in facts)
    try:
        return program.execute({INDEX: as_index, **{name: doubles(facts[name]) for name in named}})
    except RuntimeError as error:
        # The library wraps the error of a function that it calls.
        if found := re.search(r"IndexError: (.*?)\. Check", str(error)):
            raise IndexError(found[1]) from error
        raise


def _longest(value: Any) -> int:
    """The number of items of the longest list in a fact."""
    match value:
        case Mapping():
            return max(map(_longest, value.values()), default=0)
        case list() | tuple():
            return max(len(value), *map(_longest, value)) if value else 0
    return 0


def _noun(value: Any) -> str:
    nouns = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
    }
    return nouns.get(type(value), "something else")


def _failure(error: Exception) -> str:
    match error:
        case KeyError():
            return f"the run has no {error.args[0]}"
        case IndexError():
            return f"the run has no such place in a list: {error}"
        case RuntimeError() if found := re.search(r"function: '(\w+)'", str(error)):
            return f"the run has no {found[1]}"
        case TypeError():
            return "has operands of different types"
    return str(error).split("\n")[0]


def _field(kind: type[Expression]) -> Any:
    def parse(given: Any) -> Expression:
        if not isinstance(given, str):
            raise FaultyError(
                Fault("must be an expression in quotes", 'Write "background_ms < 1.0".')
            )
        try:
            return kind.parse(given)
        except ClaimError as error:
            raise FaultyError(Fault(error.reason, error.mend, column=error.column)) from None

    schema = {
        "type": "string",
        "description": f"CEL over a run's facts, giving {kind('').expected}.",
    }
    return (
        PlainValidator(parse),
        PlainSerializer(lambda expression: expression.source, return_type=str),
        WithJsonSchema(schema),
    )


ClaimField = Annotated[Claim, *_field(Claim)]
ExpressionField = Annotated[Expression, *_field(Expression)]
TextField = Annotated[TextExpression, *_field(TextExpression)]
