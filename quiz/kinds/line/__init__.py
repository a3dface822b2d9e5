"""Point at a line of the code shown. Each line is a control."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from quiz.claims.expression import Claim, ClaimField, in_words
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.questions import portable
from quiz.questions.answers import Answer, AnswerError, Count, Form, Grade, Pairs, one_text
from quiz.questions.base import Question
from quiz.questions.demo_ref import Counterfactual, DemoRef
from quiz.questions.fields import Misconception, PackModel, Text
from quiz.questions.outcome import Claimed, Outcome

LinePart = str
# Python cannot convert texts of thousands of digits to integers.
DIGITS = 6
WHERE = "A piece of it that stands in no other line of the excerpt."


class OtherLine(PackModel):
    line: LinePart = Field(description=WHERE)
    holds: ClaimField | None = Field(None, description="What pointing at it claims, in CEL.")
    why: Text = Field(description="Why it is not this one, shown after the answer.")
    misconception: Misconception | None = Field(None, description="The belief behind it.")
    true_if: Counterfactual | None = Field(None, description="Where it would be this one.")


@dataclass(frozen=True)
class LineView:
    """A line for the templates. `can` is False if the line cannot be chosen."""

    number: int
    can: bool
    key: bool
    chosen: bool
    why: str
    world: DemoRef | None
    outcome: Outcome | None
    observed: tuple[str, ...]

    @property
    def told(self) -> bool:
        return self.key or self.chosen or bool(self.outcome)

    @property
    def words(self) -> str:
        if not (self.key or self.chosen):
            return ""
        truth = "Right answer" if self.key else "Not this one"
        return f"Your answer · {truth}" if self.chosen else truth

    @property
    def sign(self) -> str:
        if self.key:
            return "✓"
        return "✗" if self.chosen else "·"


@dataclass(frozen=True)
class LinesView:
    code: str
    lines: tuple[LineView, ...]


class LineQuestion(Question):
    kind: Literal["line"]
    line: LinePart = Field(description=f"The right line. {WHERE}")
    holds: ClaimField | None = Field(None, description="What it claims of a run, in CEL.")
    why: Text = Field(description="Why it is this line, shown after the answer.")
    others: tuple[OtherLine, ...] = Field((), description="Lines that are pointed at by mistake.")

    @field_validator("line")
    @classmethod
    def _found(cls, part: LinePart, info: ValidationInfo) -> LinePart:
        _raise(_faults(part, info.data, ()))
        return part

    @field_validator("others")
    @classmethod
    def _apart(cls, others: tuple[OtherLine, ...], info: ValidationInfo) -> tuple[OtherLine, ...]:
        _raise([f for n, o in enumerate(others) for f in _faults(o.line, info.data, (n, "line"))])
        known = [_number(info.data["code"], info.data["line"])] if "line" in info.data else []
        for place, other in enumerate(others):
            number = _number(info.data.get("code", ""), other.line)
            if number in known:
                mend = "Point at another one, or remove it."
                _raise([Fault("is a line that was named already", mend, (place, "line"))])
            known.append(number)
        return others

    @property
    def code_apart(self) -> str:
        return ""

    @cached_property
    def _lines(self) -> tuple[str, ...]:
        return tuple(self.code.splitlines())

    @cached_property
    def key(self) -> int:
        """The right line's number, from 1."""
        return _number(self.code, self.line)

    @cached_property
    def _others(self) -> Mapping[int, OtherLine]:
        return {_number(self.code, other.line): other for other in self.others}

    def parse(self, form: Form) -> Answer:
        text = one_text(form, "answer")
        if not text:
            raise AnswerError("No line is chosen yet. Choose one, then press Answer.")
        is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS
        if not is_number or not self._can(int(text)):
            raise AnswerError("That is no line of this code. Choose one of them.")
        return int(text)

    def _can(self, number: int) -> bool:
        """Whether a learner can choose the line. A line of brackets alone cannot be chosen."""
        return 0 < number <= len(self._lines) and any(map(str.isalnum, self._lines[number - 1]))

    def grade(self, answer: Answer) -> Grade:
        right = answer == self.key and not isinstance(answer, bool)
        return Grade(1.0, "Right.") if right else Grade(0.0, "Not yet.")

    @property
    def misconceptions(self) -> frozenset[str]:
        others = self._others.values()
        return frozenset(other.misconception for other in others if other.misconception)

    def beliefs(self, answer: Answer) -> list[str]:
        other = self._others.get(answer) if isinstance(answer, int) else None
        return [other.misconception] if other and other.misconception else []

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        rest = [n for n in range(1, len(self._lines) + 1) if self._can(n) and n != self.key]
        invalid = ["", "0", "-1", "x", str(len(self._lines) + 1)]
        invalid.append(f"{self.key:0{DIGITS}}" + "9" * 5000)
        return {
            "correct": [[("answer", str(self.key))]],
            "incorrect": [[("answer", str(number))] for number in rest],
            "invalid": [[], *([("answer", text)] for text in invalid)],
        }

    def claims(self) -> list[tuple[str, Claimed]]:
        own: list[tuple[str, Claim | None]] = [(str(self.key), self.holds)]
        own += [(str(number), other.holds) for number, other in self._others.items()]
        return [(name, claim) for name, claim in own if claim]

    def expected(self) -> Mapping[str, bool | None]:
        return {name: name == str(self.key) for name, _ in self.claims()}

    def claim_texts(self) -> Mapping[str, str]:
        return {name: self._text(int(name)) for name, _ in self.claims()}

    def counterfactuals(self) -> Mapping[str, tuple[DemoRef, Claimed]]:
        if self.demo is None:
            return {}
        return {
            str(number): (self.demo.at(other.true_if), other.holds)
            for number, other in self._others.items()
            if other.true_if and other.holds
        }

    def _text(self, number: int) -> str:
        """The line as Markdown code."""
        return f"`{self._lines[number - 1].strip().replace('`', chr(0x2032))}`"

    def tally(self, answers: Sequence[Answer]) -> list[Count]:
        """The chosen lines, from the top."""
        given = (a for a in answers if isinstance(a, int) and not isinstance(a, bool))
        chosen = Counter(number for number in given if self._can(number))
        return [Count(self._text(n), chosen[n], n == self.key) for n in sorted(chosen)]

    def plain(self) -> portable.Options:
        """The lines that the author names, as options."""
        numbers = sorted([self.key, *self._others])
        return portable.Options(
            tuple(portable.Option(self._text(n), n == self.key, self._why(n)) for n in numbers),
            shuffle=False,
        )

    def _why(self, number: int) -> str:
        if number == self.key:
            return self.why
        other = self._others.get(number)
        return other.why if other else ""

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        numbers = range(1, len(self._lines) + 1)
        views = (self._view(number, answer, outcomes or {}) for number in numbers)
        return LinesView(self.code, tuple(views))

    def _view(self, number: int, answer: Answer, outcomes: Mapping[str, Outcome]) -> LineView:
        outcome, other = outcomes.get(str(number)), self._others.get(number)
        world = self.demo.at(other.true_if) if self.demo and other and other.true_if else None
        return LineView(
            number=number,
            can=self._can(number),
            key=number == self.key,
            chosen=answer == number and not isinstance(answer, bool),
            why=self._why(number),
            world=world,
            outcome=outcome,
            observed=tuple(in_words(outcome)) if outcome else (),
        )


def _number(code: str, part: LinePart) -> int:
    """The line that has the part, from 1; 0 where none or several have it."""
    found = [place for place, line in enumerate(code.splitlines(), 1) if part in line]
    return found[0] if len(found) == 1 else 0


def _faults(part: LinePart, data: Mapping[str, Any], loc: tuple[int | str, ...]) -> list[Fault]:
    code = data.get("code", "")
    if not code:
        # The loader reports a faulty excerpt.
        wrong = "is a line of no code" if data.get("excerpt") is None else ""
        return [Fault(wrong, "Name a function by excerpt.", loc)] if wrong else []
    if _number(code, part):
        return []
    several = sum(part in line for line in code.splitlines()) > 1
    reason = f"{part} stands in {'several lines' if several else 'no line'} of the excerpt"
    return [Fault(reason, "Write a piece that only the one line has.", loc)]


def _raise(faults: Sequence[Fault]) -> None:
    if faults:
        raise FaultyError(*faults)


KIND = LineQuestion
