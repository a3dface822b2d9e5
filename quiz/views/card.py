"""A question's fixed parts, rendered once: its stem, code and explanation, where it stands and where it leads.

Made when first asked for and kept as long as the catalog has that very question.
"""

from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from quiz import highlight
from quiz.content import Catalog
from quiz.demo import Demo
from quiz.question import DemoRef, Pack, Question, Topic
from quiz.views.trail import Link, question_href
from quiz.views.words import seconds
from quiz.web import markdown

AUTOSTART_SECONDS = 5.0

_cards: dict[tuple[str, str], "Card"] = {}


@dataclass(frozen=True)
class Card:
    pack: Pack
    question: Question
    demo: Demo | None

    @property
    def topic(self) -> Topic:
        return self.pack.topics[self.question.topic]

    @cached_property
    def href(self) -> str:
        return question_href(self.pack, self.question)

    @cached_property
    def title(self) -> str:
        questions = self.pack.of_topic(self.question.topic)
        place = questions.index(self.question) + 1
        return f"{self.topic.title}, question {place} of {len(questions)}"

    @cached_property
    def topic_href(self) -> str:
        return f"/packs/{self.pack.slug}#{self.question.topic}"

    @cached_property
    def stem(self) -> Markup:
        return inline(self.question.stem)

    @cached_property
    def excerpt(self) -> Markup:
        if not (self.demo and self.ref and self.question.excerpt):
            return Markup("")
        text = self.demo.excerpt(self.variant, self.question.excerpt, self.ref.parameters)
        return highlight.excerpt(text)

    @cached_property
    def explanation(self) -> Markup:
        return markdown(self.question.explanation)

    @cached_property
    def rule(self) -> Markup | None:
        return inline(self.question.rule) if self.question.rule else None

    @cached_property
    def see(self) -> list[Link]:
        return [Link(href, href.partition("://")[2].rstrip("/")) for href in self.question.see]

    @property
    def form_template(self) -> str:
        return f"kinds/{self.question.kind}/question.html"

    @property
    def answered_template(self) -> str:
        return f"kinds/{self.question.kind}/answered.html"

    @property
    def ref(self) -> DemoRef | None:
        return self.question.demo

    @cached_property
    def variant(self) -> str:
        assert self.demo and self.ref
        return self.demo.variant(self.ref.variant).name

    @cached_property
    def environment(self) -> str:
        assert self.demo and self.ref
        return self.ref.environment or self.demo.variants[self.variant].environments[0]

    @cached_property
    def seconds(self) -> float:
        return self.demo.variants[self.variant].seconds if self.demo else 0.0

    @property
    def starts_itself(self) -> bool:
        return self.demo is not None and self.seconds <= AUTOSTART_SECONDS

    @cached_property
    def run_text(self) -> str:
        return f"Run · about {seconds(self.seconds)}"


def card(catalog: Catalog, pack: Pack, question: Question) -> Card:
    demo = catalog.demos.get(question.demo.name) if question.demo else None
    known = _cards.get((pack.slug, question.id))
    if known and known.question is question and known.demo is demo and known.pack is pack:
        return known
    made = Card(pack, question, demo)
    _cards[pack.slug, question.id] = made
    return made


def inline(text: str) -> Markup:
    """Markdown for the inside of a heading or a list's item."""
    html = str(markdown(text)).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return Markup(inner if "<p>" not in inner else html)
