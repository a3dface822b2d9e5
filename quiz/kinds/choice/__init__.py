"""Choose one option, or all that apply. A learner always sees the same shuffled order."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from quiz.claims.expression import Claim, ClaimField, in_words
from quiz.claims.formula import TruthFormula
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.kinds.choice.hints import hints
from quiz.questions import portable
from quiz.questions.answers import Answer, AnswerError, Count, Form, Grade, Pairs, texts
from quiz.questions.base import Question
from quiz.questions.demo_ref import Counterfactual, DemoRef
from quiz.questions.fields import Misconception, PackModel, Slug, Text, repeated_ids
from quiz.questions.outcome import Claimed, Outcome


class Option(PackModel):
    id: Slug = Field("", description="Stable; without it the option's place counts: o1, o2, …")
    text: Text = Field(description="What the learner reads: 3 to 8 words, no reason.")
    key: TruthFormula = Field(False, description="Whether it is a right answer.")
    holds: ClaimField | None = Field(None, description="What it claims of a run, in CEL.")
    either: tuple[ClaimField, ClaimField] | None = Field(
        None, description="Of what is not guaranteed: two claims, each of which holds in some run."
    )
    why: Text = Field(description="Why it is right or wrong, shown after the answer.")
    misconception: Misconception | None = Field(
        None, description="The belief behind a wrong option."
    )
    true_if: Counterfactual | None = Field(None, description="Where this option would be right.")

    @property
    def claim(self) -> Claim | None:
        """The claim that every run of a right option confirms: one of two for `either`."""
        if self.either is None:
            return self.holds
        return Claim(" || ".join(f"({claim.source})" for claim in self.either))


@dataclass(frozen=True)
class OptionView:
    """An option for the templates. `outcome` is that of the learner's run."""

    id: str
    text: str
    why: str
    key: bool
    chosen: bool
    world: DemoRef | None
    outcome: Outcome | None
    observed: tuple[str, ...]

    @property
    def words(self) -> str:
        truth = "Right answer" if self.key else "Not true"
        return f"Your answer · {truth}" if self.chosen else truth

    @property
    def missed(self) -> bool:
        return self.chosen and not self.key

    @property
    def sign(self) -> str:
        if self.key:
            return "✓"
        return "✗" if self.chosen else "·"


@dataclass(frozen=True)
class ChoiceView:
    options: tuple[OptionView, ...]
    multiple: bool


class Choice(Question):
    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(
        min_length=2, max_length=100, description="Three or four are best."
    )
    shuffle: bool = Field(True, description="False keeps the file's order, as of numbers.")
    multiple: bool | None = Field(
        None, description="Choose all that apply; the default where several options are keys."
    )

    @field_validator("options")
    @classmethod
    def _identified(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        named = tuple(
            option if option.id else option.model_copy(update={"id": f"o{place}"})
            for place, option in enumerate(options, start=1)
        )
        faults = repeated_ids([option.id for option in named], "option")
        faults += [
            Fault("says either and holds, or is no right answer", "Leave one of them.", (place,))
            for place, option in enumerate(named)
            if option.either and (option.holds or not option.key)
        ]
        if not any(option.key for option in named):
            faults.append(Fault("no option is right", "Write key: true in the one that is."))
        if faults:
            raise FaultyError(*faults)
        return named

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if self.multiple is False and len(self.keys) > 1:
            fault = Fault(
                "several options are right", "Remove it, or leave one key.", ("multiple",)
            )
            raise FaultyError(fault)
        return self

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options if option.key)

    @property
    def is_multiple(self) -> bool:
        return bool(self.multiple) or len(self.keys) > 1

    def parse(self, form: Form) -> Answer:
        chosen = set(texts(form, "answer"))
        if not chosen:
            raise AnswerError("Nothing is chosen yet. Choose an answer, then send it.")
        if not chosen <= {option.id for option in self.options}:
            raise AnswerError("That option is not one of these. Choose one of them.")
        if len(chosen) > 1 and not self.is_multiple:
            raise AnswerError("Only one option can be chosen here. Choose one.")
        return [option.id for option in self.options if option.id in chosen]

    @property
    def points(self) -> str:
        if not self.is_multiple:
            return super().points
        # The number of right options is not shown, because the question does not tell it.
        each = "Partial credit: each right answer that you choose adds an equal part"
        return f"{each}, each other one takes as much away; just the right ones count 1."

    def grade(self, answer: Answer) -> Grade:
        chosen = self._chosen(answer)
        right, wrong = len(chosen & self.keys), len(chosen - self.keys)
        score = max(0.0, (right - wrong) / len(self.keys))
        if score >= 1:
            return Grade(1.0, "Right.")
        if not self.is_multiple:
            return Grade(score, "Not yet.")
        found = f"{right} of {len(self.keys)} right answers"
        also = f", and {wrong} that {'is' if wrong == 1 else 'are'} not true" if wrong else ""
        return Grade(score, f"{'Partly right' if score else 'Not yet'}: {found}{also}.")

    @property
    def misconceptions(self) -> frozenset[str]:
        wrong = (option for option in self.options if not option.key)
        return frozenset(option.misconception for option in wrong if option.misconception)

    def beliefs(self, answer: Answer) -> list[str]:
        chosen = self._chosen(answer)
        wrong = (option for option in self.options if option.id in chosen and not option.key)
        named = [option.misconception for option in wrong if option.misconception]
        return list(dict.fromkeys(named))

    def _chosen(self, answer: Answer) -> frozenset[str]:
        """The chosen options. An old answer may name options that the pack no longer has."""
        given = answer if isinstance(answer, list) else []
        return frozenset(option.id for option in self.options if option.id in given)

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        keys = [("answer", option.id) for option in self.options if option.key]
        rest = [("answer", option.id) for option in self.options if not option.key]
        incorrect = [[pair] for pair in rest] or [keys[:1]]
        invalid: list[Pairs] = [[], [("answer", "")], [("answer", "no-such-option")]]
        if self.is_multiple:
            incorrect += [keys + rest] if rest else []
        else:
            invalid.append(keys + rest)
        return {"correct": [keys], "incorrect": incorrect, "invalid": invalid}

    def claims(self) -> list[tuple[str, Claimed]]:
        found = ((option.id, option.claim) for option in self.options)
        return [(id, claim) for id, claim in found if claim]

    def expected(self) -> Mapping[str, bool | None]:
        # If the result is not guaranteed, a wrong option's claim holds in some runs.
        wrong = None if any(option.either for option in self.options) else False
        return {option.id: option.key or wrong for option in self.options if option.claim}

    def claim_texts(self) -> Mapping[str, str]:
        return {option.id: option.text for option in self.options if option.claim}

    def counterfactuals(self) -> Mapping[str, tuple[DemoRef, Claimed]]:
        if self.demo is None:
            return {}
        return {
            option.id: (self.demo.at(option.true_if), option.holds)
            for option in self.options
            if option.true_if and option.holds
        }

    def either(self) -> Mapping[str, Claimed]:
        return {claim.source: claim for option in self.options for claim in option.either or ()}

    def tally(self, answers: Sequence[Answer]) -> list[Count]:
        """All options in the file's order, because all learners look at the same page."""
        chosen = Counter(id for answer in answers for id in self._chosen(answer))
        return [Count(option.text, chosen[option.id], option.key) for option in self.options]

    def plain(self) -> portable.Options:
        options = (portable.Option(option.text, option.key, option.why) for option in self.options)
        return portable.Options(tuple(options), self.is_multiple, self.shuffle)

    def single_choice(self) -> Sequence[portable.Option]:
        return () if self.is_multiple else self.plain().options

    def hints(self, written: Mapping[str, Any]) -> Iterator[Fault]:
        for fault in hints(self.options, written["options"], self.demo is not None):
            yield Fault(fault.reason, fault.mend, ("options", *fault.loc))

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        options = list(self.options)
        if self.shuffle:
            random.Random(f"{seed} {self.id}").shuffle(options)
        chosen = self._chosen(answer)
        views = (self._view(option, option.id in chosen, outcomes or {}) for option in options)
        return ChoiceView(tuple(views), self.is_multiple)

    def _view(self, option: Option, chosen: bool, outcomes: Mapping[str, Outcome]) -> OptionView:
        outcome = outcomes.get(option.id)
        world = self.demo.at(option.true_if) if self.demo and option.true_if else None
        return OptionView(
            id=option.id,
            text=option.text,
            why=option.why,
            key=option.key,
            chosen=chosen,
            world=world,
            outcome=outcome,
            observed=tuple(in_words(outcome)) if outcome else (),
        )


KIND = Choice
