"""Type a number. The unit is beside the field: "3", "3.0", "3,0" and "3 s" are the same."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from quiz.claims.expression import Claim, ExpressionField, in_words
from quiz.claims.formula import NumberFormula
from quiz.documents.yaml_document import Fault
from quiz.errors import QuizError
from quiz.kinds.number.numeral import exact, typed, written
from quiz.questions import portable
from quiz.questions.answers import Answer, AnswerError, Count, Form, Grade, Pairs, one_text
from quiz.questions.base import Question
from quiz.questions.outcome import Claimed, Outcome

LONGEST = 60
# From here on a comma before three digits groups thousands, whatever decimals the question has.
THOUSAND = 1000
# Outside this range people write an exponent, which numeric keypads lack.
KEYPAD = (1e-4, 1e15)


@dataclass(frozen=True)
class NumberView:
    """Numbers with their unit. `given` is None before the answer, `seen` before a run."""

    right: str
    unit: str
    given: str | None
    is_right: bool
    tolerance: str
    seen: str | None
    outcome: Outcome | None
    observed: tuple[str, ...]
    keypad: bool


class Number(Question):
    kind: Literal["number"]
    answer: NumberFormula = Field(allow_inf_nan=False, description="The right number.")
    unit: str = Field("", max_length=20, description="Shown beside the field: s, ms, tasks.")
    tolerance: float = Field(
        0.0, ge=0, allow_inf_nan=False, description="How far off an answer, or a run, may be."
    )
    fact: ExpressionField | None = Field(
        None, description="The same number as a run says it, in CEL: background_ms / 1000.0."
    )

    def parse(self, form: Form) -> Answer:
        text = one_text(form, "answer") or ""
        if not text.strip("\u00a0 "):
            raise AnswerError("There is no number yet. Write one, then send it.")
        found = typed(self._bare(text), self._commas_group) if len(text) <= LONGEST else None
        if not found or found[1].casefold() not in ("", self.unit.casefold()):
            unit = f" in {self.unit}" if self.unit else ""
            raise AnswerError(f"That is no number{unit}. Write digits, such as 3, 2.5 or 1.6e-19.")
        return found[0]

    def _bare(self, text: str) -> str:
        """The text without a unit such as "1/s", whose digit would be read as the number's."""
        if not self.unit[:1].isdigit() or self.unit.isdigit():
            return text
        number, _, unit = text.strip().partition(" ")
        return number if unit.strip().casefold() == self.unit.casefold() else text

    @property
    def _commas_group(self) -> bool:
        """Whether "1,000" means a thousand: for whole numbers and for large answers."""
        is_whole = self.answer.is_integer() and self.tolerance.is_integer()
        return is_whole or abs(self.answer) + self.tolerance >= THOUSAND

    def grade(self, answer: Answer) -> Grade:
        near = self._given(answer) and self._off(float(answer)) <= exact(self.tolerance)
        return Grade(1.0, "Right.") if near else Grade(0.0, "Not yet.")

    def _off(self, value: float) -> Decimal:
        return abs(exact(value) - exact(self.answer))

    def _given(self, answer: Answer) -> bool:
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        return is_number and math.isfinite(answer)

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        right = written(self.answer)
        far = self.answer + 2 * self.tolerance + max(1.0, abs(self.answer))
        digits, e, power = right.partition("e")
        longer = f"{digits}{'0' if '.' in digits else '.0'}{e}{power}"
        correct = {right, longer, longer.replace(".", ","), f" {right} {self.unit} "}
        invalid = ["", "  ", "nan", "inf", "1e999", "three", "1.2.3", "3 lightyears", "0x3"]
        return {
            "correct": [[("answer", text)] for text in sorted(correct)],
            "incorrect": [[("answer", written(far))]],
            "invalid": [[], *([("answer", text)] for text in invalid)],
        }

    @property
    def _claim(self) -> Claim | None:
        """The claim that the run's number is within the tolerance of the answer."""
        if self.fact is None:
            return None
        right, tolerance = exact(self.answer), exact(self.tolerance)
        low, high = float(right - tolerance), float(right + tolerance)
        fact = self.fact.source
        return Claim(f"double({fact}) >= {low!r} && double({fact}) <= {high!r}")

    def claims(self) -> list[tuple[str, Claimed]]:
        return [("answer", self._claim)] if self._claim else []

    def outcomes(self, facts: Mapping[str, Any]) -> dict[str, Outcome]:
        if self.fact is None or self._claim is None:
            return {}
        outcome = self._claim.check(facts)
        try:
            value = self.fact.evaluate(facts)
        except QuizError:
            return {"answer": outcome}
        return {"answer": replace(outcome, value=value if self._given(value) else None)}

    def tally(self, answers: Sequence[Answer]) -> list[Count]:
        """The numbers that were given, from the smallest."""
        given = Counter(answer for answer in answers if self._given(answer))
        return [
            Count(self._with_unit(value), given[value], self.grade(value).score == 1)
            for value in sorted(given)
        ]

    def plain(self) -> portable.Number:
        return portable.Number(self.answer, self.tolerance, self.unit)

    def hints(self, written: Mapping[str, Any]) -> Iterator[Fault]:
        if self.unit == "ms":
            mend = "Ask what comes first or what waits."
            yield Fault("asks for milliseconds", mend, ("unit",))

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        outcome = (outcomes or {}).get("answer")
        seen = None if outcome is None or outcome.value is None else float(outcome.value)
        low, high = KEYPAD
        return NumberView(
            right=self._with_unit(self.answer),
            unit=self.unit,
            given=self._with_unit(answer) if self._given(answer) else None,
            is_right=self.grade(answer).score == 1,
            tolerance=self._with_unit(self.tolerance) if self.tolerance else "",
            seen=None if seen is None else self._with_unit(measured(seen)),
            outcome=outcome,
            observed=tuple(in_words(outcome)) if outcome else (),
            keypad=self.answer == 0 or low <= self.answer < high,
        )

    def _with_unit(self, value: float) -> str:
        return f"{written(float(value))} {self.unit}".strip()


def measured(value: float) -> float:
    """The number rounded to hundredths; below 1, to three significant digits."""
    return round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}")


KIND = Number
