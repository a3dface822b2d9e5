"""A topic's interview question as a card: answer, follow-ups with demos, own mark. Pure."""

from dataclasses import dataclass

from markupsafe import Markup

from quiz.packs.catalog import Catalog
from quiz.packs.pack import FollowUp, Pack, Topic
from quiz.storage.rehearsals import MARKS, Mark, Rehearsal
from quiz.web.components.questions.progress_markers import Link
from quiz.web.components.wording import day
from quiz.web.core.rendering import markdown, markdown_inline

# Words on the button, and in the line that reports the mark later.
BUTTONS: dict[Mark, str] = {"said": "I said it", "partly": "Partly", "no": "No"}
SAID: dict[Mark, str] = {"said": "you said it", "partly": "you said it partly", "no": "not yet"}


@dataclass(frozen=True, slots=True)
class FollowUpQuestion:
    """A follow-up question, and the demo that answers it."""

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
    follow_ups: list[FollowUpQuestion]
    action: str
    buttons: list[Button]
    said: str


def card(
    catalog: Catalog, pack: Pack, topic: Topic, last: Rehearsal | None = None
) -> InterviewCard | None:
    """None if the topic has no interview question. `last` is the learner's own mark."""
    interview = topic.interview
    if interview is None:
        return None
    return InterviewCard(
        topic=topic.slug,
        title=topic.title,
        ask=markdown_inline(interview.ask),
        answer=markdown(interview.answer),
        follow_ups=[_follow_up(catalog, follow_up) for follow_up in interview.follow_ups],
        action=f"/topics/{pack.slug}/{topic.slug}/interview",
        buttons=[Button(m, BUTTONS[m], last is not None and last.mark == m) for m in MARKS],
        said=f"On {day(last.at)}: {SAID[last.mark]}." if last else "",
    )


def cards(catalog: Catalog, pack: Pack) -> list[InterviewCard]:
    """Cards of all topics of the pack, without marks."""
    found = (card(catalog, pack, topic) for topic in pack.topics.values())
    return [one for one in found if one]


def _follow_up(catalog: Catalog, follow_up: FollowUp) -> FollowUpQuestion:
    ref = follow_up.demo
    demo = catalog.demos.get(ref.name) if ref else None
    if ref is None or demo is None:
        return FollowUpQuestion(markdown_inline(follow_up.ask), None)
    text = f"{demo.title}: {demo.variant(ref.variant).title}"
    return FollowUpQuestion(markdown_inline(follow_up.ask), Link(ref.href, text))
