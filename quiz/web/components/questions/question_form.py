"""The form of a question as one learner sees it. Pure."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from quiz.learning.attempt import Standing
from quiz.web.components.questions import progress_markers, review_state
from quiz.web.components.questions.progress_markers import Standings
from quiz.web.components.questions.question_card import Card
from quiz.web.components.wording import day


@dataclass(frozen=True, slots=True)
class Earlier:
    """The learner's last answer to the question."""

    day: str
    words: str
    href: str


@dataclass(frozen=True, kw_only=True)
class QuestionForm:
    """`standings` cover the topic's questions. `sent` and `error` are of a refused form."""

    card: Card
    learner: str
    standings: Standings
    in_review: bool = False
    error: str = ""
    sent: FormData = field(default_factory=FormData)

    def context(self) -> dict[str, Any]:
        """Variables of question.html."""
        card, question = self.card, self.card.question
        return {
            "card": card,
            "question": question,
            "view": question.view(None, self.learner),
            "markers": progress_markers.markers(
                card.pack, question.topic, self.standings, question
            ),
            "earlier": _earlier(self.standings.get(question.id)),
            "others": bool(card.variant or (question.variants and self.in_review)),
            "via": review_state.suffix(self.in_review),
            "token": new_token(),
            "error": self.error,
            "sent": self.sent,
            "hinted": is_hinted(card, self.sent),
        }


def _earlier(standing: Standing | None) -> Earlier | None:
    if standing is None:
        return None
    latest = standing.latest
    return Earlier(day(latest.at), progress_markers.said(standing), f"/attempts/{latest.attempt}")


def is_hinted(card: Card, sent: FormData) -> bool:
    """Whether the learner has asked for the hint."""
    return card.question.hint is not None and sent.get("hinted") == "1"


def new_token() -> str:
    """A token by which a form counts once, however often a browser sends it."""
    return secrets.token_urlsafe(12)
