"""What all kinds of question have in common.

A kind is a folder in quiz/kinds: `KIND`, a subclass of Question, and two templates. Knows no page.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, PrivateAttr
from pydantic.json_schema import SkipJsonSchema

from quiz.documents.yaml_document import Fault
from quiz.questions import portable
from quiz.questions.answers import MARKS, Answer, Count, Form, Grade, Pairs
from quiz.questions.demo_ref import DemoRef
from quiz.questions.fields import Concept, Link, PackModel, Pattern, Slug, Text, TopicName
from quiz.questions.outcome import Claimed, Outcome
from quiz.questions.prediction import Prediction


class Question(PackModel):
    """A question of any kind. Texts are Markdown with their placeholders filled."""

    id: Slug = Field(description="Stable: progress hangs on it. A typo's fix keeps it.")
    kind: str
    topic: TopicName = Field(description="One of the pack's topics.")
    concept: Concept | None = Field(None, description="What it is about: one of the concepts.")
    pattern: Pattern | None = Field(None, description="With which tool: one of the patterns.")
    since: date | None = Field(
        None, description="The day it came, where the pack was there before."
    )
    difficulty: int = Field(ge=1, le=3, description="1 (a definition) to 3 (a surprise).")
    source: int | None = Field(
        None, ge=1, description="The question of the source document that it is drawn from."
    )
    demo: DemoRef | None = Field(None, description="What runs after the answer.")
    excerpt: str | None = Field(
        None, description="The code shown with the stem: this function of the demo's files."
    )
    code: SkipJsonSchema[str] = Field("", description="The excerpt's text, put in when read.")
    stem: Text = Field(description="What is asked. {name} is a parameter's value.")
    hint: Text | None = Field(
        None, description="A nudge towards the mechanism, shown when asked for; it costs half."
    )
    explanation: Text = Field(description="Why, shown after the answer.")
    rule: Text | None = Field(None, description="A rule of thumb, one sentence.")
    see: tuple[Link, ...] = Field((), description="Where to read on.")
    vary: tuple[dict[str, int | float], ...] = Field(
        (), description="Sets of its demo's parameters with which a review asks it again."
    )
    _variants: tuple["Question", ...] = PrivateAttr(())

    # The question and its variants.

    @property
    def variants(self) -> tuple["Question", ...]:
        """The question with each set of parameters in `vary`: other texts, claims and answers."""
        return self._variants

    def with_variants(self, variants: Sequence["Question"]) -> Self:
        made = self.model_copy()
        made._variants = tuple(variants)
        return made

    @property
    def values(self) -> dict[str, int | float]:
        """All parameters of the demo."""
        return self.demo.parameters if self.demo else {}

    def variant_with(self, values: Mapping[str, float] | None) -> "Question":
        """The variant with exactly these parameters; the question itself if there is none."""
        return next((one for one in self.variants if one.values == values), self)

    # Answers.

    @abstractmethod
    def parse(self, form: Form) -> Answer:
        """The answer as JSON-compatible data. Raises AnswerError."""

    @abstractmethod
    def grade(self, answer: Answer) -> Grade: ...

    @abstractmethod
    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        """Forms that `grade` must give 1, less than 1, and that `parse` must refuse."""

    @property
    def points(self) -> str:
        """One or two sentences that tell learners how `grade` counts."""
        return "A right answer counts 1, any other 0."

    def beliefs(self, answer: Answer) -> Sequence[str]:
        """The misconceptions behind a wrong answer, as keys of the pack's list."""
        return ()

    @property
    def misconceptions(self) -> frozenset[str]:
        """All misconceptions that wrong answers to this question can show."""
        return frozenset()

    def predicted(self, answer: Answer) -> Prediction | None:
        """The timeline that the answer predicts, to be drawn over a run; None for most kinds."""
        return None

    # Claims.

    @abstractmethod
    def claims(self) -> list[tuple[str, Claimed]]:
        """What a run can decide: the name of each outcome, and its claim."""

    def expected(self) -> Mapping[str, bool | None]:
        """Whether each claim must hold in all runs, in none, or (None) at least not in all."""
        return {name: True for name, _ in self.claims()}

    def claim_texts(self) -> Mapping[str, str]:
        """What each claim stands for, in Markdown."""
        return {name: f"`{claim.source}`" for name, claim in self.claims()}

    def counterfactuals(self) -> Mapping[str, tuple[DemoRef, Claimed]]:
        """Runs in which a wrong option would be right, and what it claims there."""
        return {}

    def either(self) -> Mapping[str, Claimed]:
        """Outcomes that are not guaranteed: each must occur in some run. Keyed by their words."""
        return {}

    def outcomes(self, facts: Mapping[str, Any]) -> dict[str, Outcome]:
        return {name: claim.check(facts) for name, claim in self.claims()}

    @cached_property
    def fact_paths(self) -> tuple[str, ...]:
        """The facts that the claims name, each once."""
        return tuple(dict.fromkeys(path for _, claim in self.claims() for path in claim.paths()))

    # What pages show.

    @abstractmethod
    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        """What the kind's two templates show. `answer` is None before the learner answers.

        `outcomes` is None until a run has finished.
        """

    @property
    def send_words(self) -> str:
        """The text of the submit button."""
        return "Answer"

    @property
    def code_apart(self) -> str:
        """The code beside the stem; "" if the answer's controls show it."""
        return self.code

    @property
    def code_on_wall(self) -> str:
        """The code on the projector page, which has no controls."""
        return self.code

    # A class and its answers.

    @property
    def counts_answers(self) -> bool:
        """Whether `tally` counts answers, not only marks."""
        return type(self).tally is not Question.tally

    def tally(self, answers: Sequence[Answer]) -> list[Count]:
        """The answers of a class, counted. Without answers, only what may be seen beforehand."""
        marks: Counter[str] = Counter(self.grade(answer).mark for answer in answers)
        return [Count(MARKS[mark], marks[mark], mark == "right") for mark in MARKS if marks[mark]]

    def lines(self) -> Sequence[str]:
        """Lines that the projector page shows besides the stem and the tally."""
        return ()

    # Other programs, and authors.

    def plain(self) -> portable.Plain | None:
        """The question in a form that other quiz programs know; None if they have no such form."""
        return None

    def single_choice(self) -> Sequence[portable.Option]:
        """The options if a learner chooses exactly one of them; otherwise nothing."""
        return ()

    def hints(self, written: Mapping[str, Any]) -> Iterator[Fault]:
        """Advice to the author of a valid question. `written` is its entry in the pack's file."""
        return iter(())
