"""What every question has, whatever its kind; an answer's grade. Data and words, no files.

A kind is a folder in quiz/kinds: `KIND`, a subclass of Question, and two templates. Knows no page.
"""

import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Protocol, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from pydantic.json_schema import SkipJsonSchema

from quiz.documents.yaml_document import Fault
from quiz.errors import QuizError
from quiz.questions.portable import Plain
from quiz.questions.prediction import Prediction

# {task_a_seconds} stands for a parameter's value; {{item}} for {item} itself.
PLACEHOLDER = re.compile(r"\{\{([a-z_][a-z0-9_]*)\}\}|\{([a-z_][a-z0-9_]*)\}")

Slug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Small letters, digits and hyphens."),
]
Link = Annotated[str, Field(pattern=r"^https?://\S+$", description="A whole address, https://…")]
# Markdown in which {name} stands for a parameter's value.
TEXT = "text with placeholders"
Text = Annotated[str, Field(min_length=1), TEXT]
# The name of a function of the demo's files.
FUNCTION = "name of a function"
Function = Annotated[
    str, Field(pattern=r"^[A-Za-z_]\w*$", description="A function of the demo's files."), FUNCTION
]
Answer = Any
MARKS = {"right": "Right", "partly": "Partly right", "wrong": "Not right"}
Pairs = list[tuple[str, str]]


class AnswerError(QuizError):
    """A submission that is no answer: nothing chosen, or malformed."""


class Form(Protocol):
    """What a learner sent: several values may have one name."""

    def getlist(self, key: Any, /) -> Sequence[Any]: ...


class Claimed(Protocol):
    """Something that a run's facts decide."""

    @property
    def source(self) -> str: ...
    def paths(self) -> Sequence[str]: ...
    def check(self, facts: Mapping[str, Any]) -> "Outcome": ...


@dataclass(frozen=True)
class Outcome:
    """What a run says of a claim. `held` is None where it says nothing, and `error` says why.

    `observed` has the values of the facts that the claim names; None for what did not happen.
    `value` is the run's own answer where a number or a word was asked for.
    """

    held: bool | None
    observed: Mapping[str, Any]
    error: str | None = None
    value: float | str | None = None

    @property
    def word(self) -> str:
        return {True: "held", False: "did not hold", None: "cannot be said"}[self.held]


@dataclass(frozen=True)
class Grade:
    """How right an answer is, from 0 to 1, and a sentence that says so."""

    score: float
    feedback: str

    @property
    def mark(self) -> Literal["right", "partly", "wrong"]:
        if self.score >= 1:
            return "right"
        return "partly" if self.score > 0 else "wrong"


@dataclass(frozen=True, slots=True)
class Count:
    """How many answered so. The text is Markdown."""

    text: str
    n: int
    right: bool


class Part(BaseModel):
    """What a pack's file consists of: nothing unknown in it, and never changed once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class World(Part):
    """Where something else would hold: another variant, environment or value of the same demo."""

    variant: str | None = Field(
        default=None, description="A variant of the demo; the first by default."
    )
    environment: str | None = Field(
        default=None, description="Where it runs; the variant's first environment by default."
    )
    parameters: dict[str, int | float] = Field(
        default_factory=dict, description="Values of the demo's parameters, over its defaults."
    )


class DemoRef(World):
    """The demo that proves it. What is left out is the demo's own default, filled in when read."""

    name: str = Field(description="The name of the demo's folder.")

    def at(self, world: World) -> "DemoRef":
        return DemoRef(name=self.name, **world.model_dump())

    @property
    def href(self) -> str:
        """The demo's page with these values in its form."""
        query = urlencode(self.fields)
        return f"/demos/{self.name}?{query}" if query else f"/demos/{self.name}"

    @property
    def action(self) -> str:
        """Where a form with its fields is sent to run it."""
        return f"/demos/{self.name}/runs"

    @property
    def fields(self) -> list[tuple[str, str]]:
        chosen = (("variant", self.variant), ("environment", self.environment))
        values = ((name, number(value)) for name, value in self.parameters.items())
        return [*((name, value) for name, value in chosen if value), *values]


class Question(Part):
    """What the kinds have in common. Texts are Markdown, with their placeholders filled."""

    id: Slug = Field(description="Stable: progress hangs on it. A typo's fix keeps it.")
    kind: str
    topic: Slug = Field(description="One of the pack's topics.")
    concept: Slug | None = Field(None, description="What it is about: one of the concepts.")
    pattern: Slug | None = Field(None, description="With which tool: one of the patterns.")
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
        (), description="Sets of its demo's parameters with which a review asks it anew."
    )
    _draws: tuple["Question", ...] = PrivateAttr(())

    @property
    def draws(self) -> tuple["Question", ...]:
        """The same question with each set of `vary`: texts, claims and right answer follow it."""
        return self._draws

    def with_draws(self, draws: Sequence["Question"]) -> Self:
        made = self.model_copy()
        made._draws = tuple(draws)
        return made

    @property
    def values(self) -> dict[str, int | float]:
        """All of its demo's parameters."""
        return self.demo.parameters if self.demo else {}

    def drawn(self, values: Mapping[str, float] | None) -> "Question":
        """The draw with just these values; itself where there is none, or none any more."""
        return next((one for one in self.draws if one.values == values), self)

    @abstractmethod
    def parse(self, form: Form) -> Answer:
        """The answer as JSON-able data. Raises AnswerError on what is none."""

    @abstractmethod
    def grade(self, answer: Answer) -> Grade: ...

    def beliefs(self, answer: Answer) -> Sequence[str]:
        """The misconceptions that a wrong answer shows, as the pack's list names them."""
        return ()

    @property
    def misconceptions(self) -> frozenset[str]:
        """All that its wrong answers can show."""
        return frozenset()

    def predicted(self, answer: Answer) -> Prediction | None:
        """The timeline that an answer foretells, where it does: a run is drawn over it."""
        return None

    @property
    def send_words(self) -> str:
        """What the button says that sends an answer."""
        return "Answer"

    @property
    def code_apart(self) -> str:
        """The code that a page shows beside the stem; "" where the answer's controls have it."""
        return self.code

    @property
    def code_on_wall(self) -> str:
        """The code that a room is shown, which has no controls."""
        return self.code

    @property
    def points(self) -> str:
        """How `grade` counts, in a sentence or two for the learner."""
        return "A right answer counts 1, any other 0."

    @abstractmethod
    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        """Forms that must be graded 1, less than 1, and refused."""

    @abstractmethod
    def claims(self) -> list[tuple[str, Claimed]]:
        """What a run can decide, each by the name under which its outcome is found."""

    def expected(self) -> Mapping[str, bool | None]:
        """Whether each claim must hold in every run, in none, or (None) not in all."""
        return {name: True for name, _ in self.claims()}

    def claim_texts(self) -> Mapping[str, str]:
        """What each claim stands for, in Markdown."""
        return {name: f"`{claim.source}`" for name, claim in self.claims()}

    def worlds(self) -> Mapping[str, tuple[DemoRef, Claimed]]:
        """Where a wrong option would be right, and what it claims there."""
        return {}

    def either(self) -> Mapping[str, Claimed]:
        """What may happen or not: each must be seen in some run, by the words that say so."""
        return {}

    @abstractmethod
    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        """What the kind's two templates draw. `answer` is None before there is one.

        `outcomes` is None as long as there is no run that says anything.
        """

    def outcomes(self, facts: Mapping[str, Any]) -> dict[str, Outcome]:
        return {name: claim.check(facts) for name, claim in self.claims()}

    def tally(self, answers: Sequence[Answer]) -> list[Count]:
        """What a room answered; without an answer only what may be seen before one."""
        marks: Counter[str] = Counter(self.grade(answer).mark for answer in answers)
        return [Count(MARKS[mark], marks[mark], mark == "right") for mark in MARKS if marks[mark]]

    def lines(self) -> Sequence[str]:
        """What a room has to be shown besides the stem and the tally."""
        return ()

    def plain(self) -> Plain | None:
        """How it is answered, as other programs know it; None where they have nothing like it."""
        return None

    @cached_property
    def fact_paths(self) -> tuple[str, ...]:
        """The facts that its claims name, each once."""
        return tuple(dict.fromkeys(path for _, claim in self.claims() for path in claim.paths()))


def number(value: float) -> str:
    """2.0 as "2", 0.25 as "0.25"."""
    return f"{value:.10g}"


def placeholders(text: str) -> list[str]:
    return [match[2] for match in PLACEHOLDER.finditer(text) if match[2]]


def fill(text: str, values: Mapping[str, float]) -> str:
    """The text with the parameters' values in it; an unknown placeholder stays as it is."""

    def value(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return f"{{{literal}}}"
        return number(values[name]) if name in values else match[0]

    return PLACEHOLDER.sub(value, text)


def shared_ids(ids: Sequence[str], noun: str, *at: str) -> list[Fault]:
    """A fault for each of the parts whose id another one before it has, at this place in it."""
    return [
        Fault(f"{id} is the id of another {noun}", "Give it one of its own.", (place, *at))
        for place, id in enumerate(ids)
        if id in ids[:place]
    ]


def one_text(form: Form, name: str) -> str | None:
    """The only text that was sent under this name; None where there is none."""
    given = texts(form, name)
    if len(given) > 1:
        raise AnswerError("This field was sent twice. Send it once.")
    return given[0].strip() if given else None


def texts(form: Form, name: str) -> list[str]:
    """The texts sent under this name; a file among them is refused."""
    given = list(form.getlist(name))
    if not all(isinstance(value, str) for value in given):
        raise AnswerError("A file is no answer. Use the fields of the form.")
    return given
