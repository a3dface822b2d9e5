"""Fill the gaps in the code shown. The hidden code is what runs, so it is a right answer."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from quiz.claims.expression import Claim, ClaimField, in_words
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.questions import portable
from quiz.questions.answers import Answer, AnswerError, Count, Form, Grade, Pairs, one_text
from quiz.questions.base import Question
from quiz.questions.demo_ref import Counterfactual, DemoRef
from quiz.questions.fields import Misconception, PackModel, Text
from quiz.questions.outcome import Claimed, Outcome

LONGEST = 80
# A private-use character replaces each gap, so that the rest can be highlighted as code.
FIRST_MARK = 0xE000
QUOTES = str.maketrans("'`", '""')
BLANKS = re.compile(r"\s+")


class Slip(PackModel):
    text: str = Field(min_length=1, description="What is written by mistake.")
    why: Text = Field(description="What would happen with it.")
    misconception: Misconception | None = Field(None, description="The belief behind it.")


class Gap(PackModel):
    hides: str = Field(min_length=1, description="Stands once in the excerpt; right as it is.")
    also: tuple[str, ...] = Field((), description="Other spellings that mean the same there.")
    why: Text = Field(description="Why it has to stand there, shown after the answer.")
    slips: tuple[Slip, ...] = Field((), description="Wrong code that learners may write there.")

    def accepts(self, text: str) -> bool:
        return word(text) in {word(right) for right in (self.hides, *self.also)}


@dataclass(frozen=True)
class GapView:
    """`given` is None before the answer. `size` is about the width of the hidden code."""

    number: int
    right: str
    also: tuple[str, ...]
    why: str
    slip: str
    given: str | None
    is_right: bool
    size: int

    @property
    def sign(self) -> str:
        if self.given is None:
            return "·"
        return "✓" if self.is_right else "✗"


@dataclass(frozen=True)
class ClozeView:
    """`marked` is the code with a private-use character for each gap."""

    marked: str
    gaps: tuple[GapView, ...]
    outcomes: tuple[tuple[Outcome, tuple[str, ...]], ...]
    world: str | None


class Cloze(Question):
    kind: Literal["cloze"]
    gaps: tuple[Gap, ...] = Field(
        min_length=1, max_length=6, description="Pieces of the excerpt that are hidden."
    )
    holds: ClaimField | None = Field(None, description="What is true of a run of this code.")
    without: Counterfactual | None = Field(
        None, description="A variant that has something else in the gaps: there it does not hold."
    )

    @field_validator("gaps")
    @classmethod
    def _hidden(cls, gaps: tuple[Gap, ...], info: ValidationInfo) -> tuple[Gap, ...]:
        code, faults = info.data.get("code", ""), []
        if not code and info.data.get("excerpt") is None:
            faults.append(Fault("there is no code to have gaps", "Name a function by excerpt."))
        for place, gap in enumerate(gaps if code else ()):
            if code.count(gap.hides) != 1:
                times = "several times" if gap.hides in code else "nowhere"
                mend = "Hide a piece that stands there once."
                found = f"{gap.hides} stands {times} in the excerpt"
                faults.append(Fault(found, mend, (place, "hides")))
            faults += [
                Fault(f"{slip.text} is right", "Remove it.", (place, "slips", at, "text"))
                for at, slip in enumerate(gap.slips)
                if gap.accepts(slip.text)
            ]
        if not faults and code and len(_marks(_marked(code, gaps))) != len(gaps):
            faults.append(Fault("two gaps overlap", "Hide pieces that lie apart."))
        if faults:
            raise FaultyError(*faults)
        return gaps

    @model_validator(mode="after")
    def _without_what(self) -> "Cloze":
        if self.without and not self.holds:
            fault = Fault("nothing is said to hold", "Say by holds what fails there.", ("without",))
            raise FaultyError(fault)
        return self

    @property
    def code_apart(self) -> str:
        return ""

    @property
    def code_on_wall(self) -> str:
        return "".join("____" if mark else text for text, mark in _split(self._marked))

    @cached_property
    def _marked(self) -> str:
        return _marked(self.code, self.gaps)

    @cached_property
    def _in_order(self) -> tuple[Gap, ...]:
        """The gaps in the order of the code, in which they are numbered, sent and stored."""
        return tuple(self.gaps[ord(mark) - FIRST_MARK] for mark in _marks(self._marked))

    def parse(self, form: Form) -> Answer:
        given = [(one_text(form, f"gap-{n}") or "") for n, _ in enumerate(self._in_order, 1)]
        if not all(map(word, given)):
            left = "The gap is" if len(given) == 1 else "A gap is"
            raise AnswerError(f"{left} still empty. Write what belongs there, then press Answer.")
        if max(map(len, given)) > LONGEST:
            raise AnswerError(f"That is too long. Write at most {LONGEST} characters in a gap.")
        return given

    @property
    def points(self) -> str:
        same = "Blanks and the kind of quotes do not matter; capitals do."
        if len(self.gaps) == 1:
            return f"{super().points} {same}"
        return f"Partial credit: each of {len(self.gaps)} gaps counts 1/{len(self.gaps)}. {same}"

    def grade(self, answer: Answer) -> Grade:
        right = [gap.accepts(text) for gap, text in self._given(answer)]
        score = sum(right) / len(self.gaps)
        if score == 1:
            return Grade(1.0, "Right.")
        if len(self.gaps) == 1:
            return Grade(0.0, "Not yet.")
        found = f"{sum(right)} of {len(self.gaps)} gaps are right."
        return Grade(score, f"{'Partly right' if score else 'Not yet'}: {found}")

    def _given(self, answer: Answer) -> list[tuple[Gap, str]]:
        """Each gap with its text. An answer to an older version may have had other gaps."""
        if not isinstance(answer, list) or not all(isinstance(text, str) for text in answer):
            return []
        return list(zip(self._in_order, answer, strict=False))

    @property
    def misconceptions(self) -> frozenset[str]:
        slips = (slip for gap in self._in_order for slip in gap.slips)
        return frozenset(slip.misconception for slip in slips if slip.misconception)

    def beliefs(self, answer: Answer) -> list[str]:
        slips = (_slip(gap, text) for gap, text in self._given(answer))
        named = [slip.misconception for slip in slips if slip and slip.misconception]
        return list(dict.fromkeys(named))

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        right = [(f"gap-{n}", gap.hides) for n, gap in enumerate(self._in_order, 1)]
        spaced = [(name, f"  {text} ") for name, text in right]
        slips = [
            [*right[:n], (right[n][0], slip.text), *right[n + 1 :]]
            for n, gap in enumerate(self._in_order)
            for slip in gap.slips
        ]
        name = right[0][0]
        return {
            "correct": [right, spaced],
            "incorrect": [[(name, "nonsense"), *right[1:]], *slips],
            "invalid": [[], right[1:], [(name, " "), *right[1:]], [(name, "x" * 81), *right[1:]]],
        }

    def claims(self) -> list[tuple[str, Claimed]]:
        return [("code", self.holds)] if self.holds else []

    def counterfactuals(self) -> Mapping[str, tuple[DemoRef, Claimed]]:
        """With other code in the gaps, the claim must be false."""
        if not (self.demo and self.without and self.holds):
            return {}
        return {"code": (self.demo.at(self.without), Claim(f"!({self.holds.source})"))}

    def tally(self, answers: Sequence[Answer]) -> list[Count]:
        """The answers with all gaps together, the most frequent first."""
        given = [self._given(answer) for answer in answers]
        whole = [pairs for pairs in given if len(pairs) == len(self.gaps)]
        words = Counter(
            (all(gap.accepts(text) for gap, text in pairs), _written(pairs)) for pairs in whole
        )
        best = _written([(gap, gap.hides) for gap in self._in_order])
        right = sum(n for (is_right, _), n in words.items() if is_right)
        found = [(text, n, False) for (is_right, text), n in words.items() if not is_right]
        found += [(best, right, True)] if right else []
        return [Count(*one) for one in sorted(found, key=lambda one: -one[1])]

    def plain(self) -> portable.Words | None:
        """One gap is a word to type. Other programs have nothing like several gaps."""
        if len(self.gaps) > 1:
            return None
        return portable.Words((self.gaps[0].hides, *self.gaps[0].also))

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        given = [text for _, text in self._given(answer)]
        texts = given if len(given) == len(self.gaps) else [None] * len(self.gaps)
        pairs = enumerate(zip(self._in_order, texts, strict=True), 1)
        seen = (outcomes or {}).values()
        return ClozeView(
            marked=self._marked,
            gaps=tuple(_view(number, gap, text) for number, (gap, text) in pairs),
            outcomes=tuple((outcome, tuple(in_words(outcome))) for outcome in seen),
            world=self.demo.at(self.without).href if self.demo and self.without else None,
        )


def word(text: str) -> str:
    """The code without blanks and with one kind of quotes, for comparison."""
    return BLANKS.sub("", text).translate(QUOTES)


def _view(number: int, gap: Gap, given: str | None) -> GapView:
    slip = _slip(gap, given) if given is not None else None
    return GapView(
        number=number,
        right=gap.hides,
        also=gap.also,
        why=gap.why,
        slip=slip.why if slip else "",
        given=given,
        is_right=given is not None and gap.accepts(given),
        # Two sizes only, so that the width does not give the word away.
        size=12 if len(gap.hides) <= 10 else 28,
    )


def _slip(gap: Gap, text: str) -> Slip | None:
    return next((slip for slip in gap.slips if word(slip.text) == word(text)), None)


def _written(pairs: Sequence[tuple[Gap, str]]) -> str:
    return ", ".join(f"`{text.strip().replace('`', chr(0x2032)) or ' '}`" for _, text in pairs)


def _marked(code: str, gaps: Sequence[Gap]) -> str:
    for place, gap in enumerate(gaps):
        code = code.replace(gap.hides, chr(FIRST_MARK + place), 1)
    return code


def _marks(marked: str) -> list[str]:
    return [c for c in marked if FIRST_MARK <= ord(c) < FIRST_MARK + 100]


def _split(marked: str) -> list[tuple[str, bool]]:
    pieces = re.split(f"([{chr(FIRST_MARK)}-{chr(FIRST_MARK + 99)}])", marked)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces)]


KIND = Cloze
