"""A question's fixed parts, rendered once: its stem, its code, its explanation, its demo.

Made when first asked for and kept as long as the catalog has that very question.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup

from quiz.demos.model import Demo
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack, Topic
from quiz.questions.base import Question
from quiz.web.components.questions.progress_markers import SPACED, Link, question_href
from quiz.web.components.runs.run_choice import Choice, choose
from quiz.web.core import syntax
from quiz.web.core.rendering import markdown

AUTOSTART_SECONDS = 5.0
FORMS_KEPT = 100

_cards: dict[tuple[str, str], "Card"] = {}


@dataclass(frozen=True)
class Card:
    pack: Pack
    question: Question
    demo: Demo | None
    # Of which of its question's draws it is, from 1; 0 with the question's own numbers.
    draw: int = 0
    # Its form as drawn before, by what it depends on.
    forms: dict[Hashable, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def topic(self) -> Topic:
        return self.pack.topics[self.question.topic]

    def remember(self, key: Hashable, form: str) -> None:
        """Keep a drawn form; the oldest makes room."""
        if len(self.forms) >= FORMS_KEPT:
            del self.forms[next(iter(self.forms))]
        self.forms[key] = form

    @cached_property
    def href(self) -> str:
        return question_href(self.pack, self.question)

    @cached_property
    def siblings(self) -> tuple[str, ...]:
        """The questions of its topic, itself among them."""
        return tuple(question.id for question in self.pack.of_topic(self.question.topic))

    @cached_property
    def title(self) -> str:
        number = self.pack.number_of(self.question)
        return f"{self.topic.title}, question {number} of {len(self.siblings)}"

    @cached_property
    def every(self) -> tuple["Card", ...]:
        """Of it and of its draws, each in its place."""
        draws = enumerate(self.question.draws, 1)
        return (self, *(Card(self.pack, draw, self.demo, place) for place, draw in draws))

    def drawn(self, values: Mapping[str, float] | None) -> "Card":
        """With the numbers of an attempt, as far as the question still has these."""
        question = self.question.drawn(values)
        return next(one for one in self.every if one.question is question)

    @property
    def values(self) -> Mapping[str, float] | None:
        """What an attempt keeps of its numbers."""
        return self.question.values if self.draw else None

    @cached_property
    def topic_href(self) -> str:
        return f"/packs/{self.pack.slug}#{self.question.topic}"

    @cached_property
    def stem(self) -> Markup:
        return inline(self.question.stem)

    @cached_property
    def excerpt(self) -> Markup:
        return _code(self.question.code_apart)

    @cached_property
    def excerpt_on_wall(self) -> Markup:
        return _code(self.question.code_on_wall)

    @cached_property
    def explanation(self) -> Markup:
        return markdown(self.question.explanation)

    @property
    def counts(self) -> str:
        """What an answer, the first one and a later one come to."""
        return (
            f"{self.question.points} The first that you send is your first try, for good;"
            " “Just show me” in its place counts as not right. A retry counts for the eventual"
            f" score {SPACED}; before, it is practice."
        )

    @cached_property
    def rule(self) -> Markup | None:
        return inline(self.question.rule) if self.question.rule else None

    @cached_property
    def hint(self) -> Markup | None:
        return inline(self.question.hint) if self.question.hint else None

    @cached_property
    def see(self) -> list[Link]:
        return [Link(href, href.partition("://")[2].rstrip("/")) for href in self.question.see]

    @property
    def form_template(self) -> str:
        return f"kinds/{self.question.kind}/question.html"

    @property
    def answered_template(self) -> str:
        return f"kinds/{self.question.kind}/answered.html"

    @cached_property
    def choice(self) -> Choice | None:
        """What runs after the answer."""
        ref = self.question.demo
        if self.demo is None or ref is None:
            return None
        return choose(self.demo, ref.variant, ref.environment, ref.parameters)

    @property
    def starts_itself(self) -> bool:
        return self.choice is not None and self.choice.variant.takes <= AUTOSTART_SECONDS

    @property
    def demo_href(self) -> str:
        return self.choice.href if self.choice else ""


def card(catalog: Catalog, pack: Pack, question: Question) -> Card:
    demo = catalog.demos.get(question.demo.name) if question.demo else None
    known = _cards.get((pack.slug, question.id))
    if known and known.question is question and known.demo is demo and known.pack is pack:
        return known
    made = Card(pack, question, demo)
    _cards[pack.slug, question.id] = made
    return made


def _code(text: str) -> Markup:
    return syntax.excerpt(text) if text else Markup("")


def inline(text: str) -> Markup:
    """Markdown for the inside of a heading or a list's item."""
    html = str(markdown(text)).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return Markup(inner if "<p>" not in inner else html)
