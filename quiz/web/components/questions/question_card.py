"""A question's fixed parts as HTML: stem, code, explanation, demo. The same for every learner.

Pure: a card holds the question and nothing of who answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

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
# A list of a large pack asks for each stem once: all of them have to fit.
TEXTS_KEPT = 2048


@dataclass(frozen=True)
class Card:
    """`variant` is the place of the question variant, from 1; 0 with the question's own numbers."""

    pack: Pack
    question: Question
    demo: Demo | None
    variant: int = 0

    @property
    def topic(self) -> Topic:
        return self.pack.topics[self.question.topic]

    @property
    def topic_href(self) -> str:
        return f"/packs/{self.pack.slug}#{self.question.topic}"

    @property
    def href(self) -> str:
        return question_href(self.pack, self.question)

    @cached_property
    def siblings(self) -> tuple[str, ...]:
        """Ids of the topic's questions, this one included."""
        return tuple(question.id for question in self.pack.of_topic(self.question.topic))

    @property
    def title(self) -> str:
        number = self.pack.number_of(self.question)
        return f"{self.topic.title}, question {number} of {len(self.siblings)}"

    # Question variants: the same question with other numbers.

    @cached_property
    def every(self) -> tuple["Card", ...]:
        """This card and the cards of the question variants, each in its place."""
        draws = enumerate(self.question.variants, 1)
        return (self, *(Card(self.pack, draw, self.demo, place) for place, draw in draws))

    def drawn(self, values: Mapping[str, float] | None) -> "Card":
        """The card with an attempt's numbers; this card if the question no longer has them."""
        question = self.question.variant_with(values)
        return next(one for one in self.every if one.question is question)

    @property
    def values(self) -> Mapping[str, float] | None:
        """Numbers to store with an attempt; None for the question's own."""
        return self.question.values if self.variant else None

    # Texts as HTML.

    @property
    def stem(self) -> Markup:
        return inline(self.question.stem)

    @property
    def excerpt(self) -> Markup:
        return _code(self.question.code_apart)

    @property
    def excerpt_on_projector(self) -> Markup:
        return _code(self.question.code_on_wall)

    @property
    def explanation(self) -> Markup:
        return _block(self.question.explanation)

    @property
    def rule(self) -> Markup | None:
        return inline(self.question.rule) if self.question.rule else None

    @property
    def hint(self) -> Markup | None:
        return inline(self.question.hint) if self.question.hint else None

    @property
    def see(self) -> list[Link]:
        return [Link(href, href.partition("://")[2].rstrip("/")) for href in self.question.see]

    @property
    def counts(self) -> str:
        """What the first answer and a later one are worth."""
        return (
            f"{self.question.points} The first that you send is your first try, for good;"
            " “Just show me” in its place counts as not right. A retry counts for the eventual"
            f" score {SPACED}; before, it is practice."
        )

    # Templates of the question's kind.

    @property
    def form_template(self) -> str:
        return f"kinds/{self.question.kind}/question.html"

    @property
    def answered_template(self) -> str:
        return f"kinds/{self.question.kind}/answered.html"

    # The run after the answer.

    @cached_property
    def choice(self) -> Choice | None:
        """What runs after the answer; None for a question without a demo."""
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
    """The card with the question's own numbers."""
    return Card(pack, question, catalog.demos.get(question.demo.name) if question.demo else None)


@lru_cache(maxsize=TEXTS_KEPT)
def inline(text: str) -> Markup:
    """Markdown for the inside of a heading or a list's item."""
    html = str(markdown(text)).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return Markup(inner if "<p>" not in inner else html)


@lru_cache(maxsize=TEXTS_KEPT)
def _block(text: str) -> Markup:
    return markdown(text)


@lru_cache(maxsize=TEXTS_KEPT)
def _code(text: str) -> Markup:
    return syntax.excerpt(text) if text else Markup("")
