"""An attempt of the caller, found by its id, with its question. Loads no run."""

from dataclasses import dataclass

from quiz.learning.attempt import Attempt
from quiz.web.components.questions.question_card import Card, card
from quiz.web.core.request import State


@dataclass(frozen=True, slots=True)
class OwnAttempt:
    """`card` has the attempt's numbers."""

    card: Card
    attempt: Attempt


async def load_own(services: State, learner: str, id: str) -> OwnAttempt | None:
    """None for an unknown id, for another learner's attempt, and if the question is gone."""
    kept = await services["storage"].attempts.get(id) if id else None
    if kept is None or kept.learner != learner:
        return None
    catalog = services["shelf"].catalog
    pack = catalog.packs.get(kept.pack)
    question = pack.question(kept.question) if pack else None
    if pack is None or question is None:
        return None
    return OwnAttempt(card(catalog, pack, question).drawn(kept.drawn), kept)
