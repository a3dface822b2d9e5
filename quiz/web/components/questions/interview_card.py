"""A topic's interview question as a card: an answer, follow-ups with demos, one's own mark."""

from dataclasses import dataclass

from markupsafe import Markup

from quiz.packs.catalog import Catalog
from quiz.packs.pack import FollowUp, Pack, Topic
from quiz.storage.rehearsals import MARKS, Mark, Rehearsal
from quiz.web.components.questions.progress_markers import Link
from quiz.web.components.wording import day
from quiz.web.core.rendering import markdown, markdown_inline

# On the button, and in the line that tells it later.
BUTTONS: dict[Mark, str] = {"said": "I said it", "partly": "Partly", "no": "No"}
SAID: dict[Mark, str] = {"said": "you said it", "partly": "you said it partly", "no": "not yet"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A follow-up, and the demo that shows the answer."""

    ask: Markup
    demo: Link | None


@dataclass(frozen=True, slots=True)
class Button:
    value: Mark
    text: str
    pressed: bool


@dataclass(frozen=True, slots=True)
class InterviewCard:
    topic: str
    title: str
    ask: Markup
    answer: Markup
    follow_ups: list[Asked]
    action: str
    buttons: list[Button]
    said: str


def card(
    catalog: Catalog, pack: Pack, topic: Topic, last: Rehearsal | None = None
) -> InterviewCard | None:
    """None where the topic has no interview question."""
    interview = topic.interview
    if interview is None:
        return None
    return InterviewCard(
        topic=topic.slug,
        title=topic.title,
        ask=markdown_inline(interview.ask),
        answer=markdown(interview.answer),
        follow_ups=[_asked(catalog, follow_up) for follow_up in interview.follow_ups],
        action=f"/topics/{pack.slug}/{topic.slug}/interview",
        buttons=[Button(m, BUTTONS[m], last is not None and last.mark == m) for m in MARKS],
        said=f"On {day(last.at)}: {SAID[last.mark]}." if last else "",
    )


def cards(catalog: Catalog, pack: Pack) -> list[InterviewCard]:
    """Those of all its topics, without anyone's marks."""
    found = (card(catalog, pack, topic) for topic in pack.topics.values())
    return [one for one in found if one]


def _asked(catalog: Catalog, follow_up: FollowUp) -> Asked:
    ref = follow_up.demo
    demo = catalog.demos.get(ref.name) if ref else None
    if ref is None or demo is None:
        return Asked(markdown_inline(follow_up.ask), None)
    text = f"{demo.title}: {demo.variant(ref.variant).title}"
    return Asked(markdown_inline(follow_up.ask), Link(ref.href, text))
