"""Type a number. Its unit stands beside the field; "3", "3.0", "3,0" and "3 s" are the same."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field

from quiz import plain
from quiz.claims import Claim, ExpressionField, in_words
from quiz.discovery import QuizError
from quiz.formula import NumberFormula
from quiz.question import (
    Answer,
    AnswerError,
    Claimed,
    Count,
    Form,
    Grade,
    Outcome,
    Pairs,
    Question,
    number,
    one_text,
)

WRITTEN = re.compile(r"([+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))\s*(.*)", re.DOTALL)
LONGEST = 40


@dataclass(frozen=True)
class NumberView:
    """Numbers with their unit. `given` is None without an answer, `seen` without a run."""

    right: str
    unit: str
    given: str | None
    is_right: bool
    tolerance: str
    seen: str | None
    outcome: Outcome | None
    observed: tuple[str, ...]


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
        text = (
            (one_text(form, "answer") or "").replace("\u2212", "-").replace("\u00a0", " ").strip()
        )
        if not text:
            raise AnswerError("There is no number yet. Write one, then send it.")
        found = WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
        if not found or found[2].strip().casefold() not in ("", self.unit.casefold()):
            unit = f" in {self.unit}" if self.unit else ""
            raise AnswerError(f"That is no number{unit}. Write it in digits, such as 3 or 2.5.")
        return float(found[1].replace(",", "."))

    def grade(self, answer: Answer) -> Grade:
        # A hair more than the tolerance: 1.15 - 1 is not quite 0.15 in binary.
        near = self._given(answer) and abs(answer - self.answer) <= self.tolerance + 1e-9
        return Grade(1.0, "Right.") if near else Grade(0.0, "Not yet.")

    def _given(self, answer: Answer) -> bool:
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        return is_number and math.isfinite(answer)

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        right, wrong = number(self.answer), number(self.answer + 2 * self.tolerance + 1)
        longer = f"{right}0" if "." in right else f"{right}.0"
        written = {right, longer, longer.replace(".", ","), f" {right} {self.unit} "}
        invalid = ["", "  ", "nan", "inf", "1e999", "three", "1.2.3", "3 lightyears", "0x3"]
        return {
            "correct": [[("answer", text)] for text in sorted(written)],
            "incorrect": [[("answer", wrong)]],
            "invalid": [[], *([("answer", text)] for text in invalid)],
        }

    @property
    def _claim(self) -> Claim | None:
        """That the run's own number lies as near to the answer as a learner's has to."""
        if self.fact is None:
            return None
        low, high = self.answer - self.tolerance, self.answer + self.tolerance
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
        """Each number that was given, from the smallest."""
        given = Counter(answer for answer in answers if self._given(answer))
        return [
            Count(self._with_unit(value), given[value], self.grade(value).score == 1)
            for value in sorted(given)
        ]

    def plain(self) -> plain.Number:
        return plain.Number(self.answer, self.tolerance, self.unit)

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        outcome = (outcomes or {}).get("answer")
        seen = None if outcome is None or outcome.value is None else round(float(outcome.value), 2)
        return NumberView(
            right=self._with_unit(self.answer),
            unit=self.unit,
            given=self._with_unit(answer) if self._given(answer) else None,
            is_right=self.grade(answer).score == 1,
            tolerance=self._with_unit(self.tolerance) if self.tolerance else "",
            seen=None if seen is None else self._with_unit(seen),
            outcome=outcome,
            observed=tuple(in_words(outcome)) if outcome else (),
        )

    def _with_unit(self, value: float) -> str:
        return f"{number(value)} {self.unit}".strip()


KIND = Number
