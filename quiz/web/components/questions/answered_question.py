"""An answered question's page: the result, the run, the proofs, the next steps.

`load` reads everything once; `AnsweredQuestion` is plain data and knows no storage.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from quiz.errors import QuizError
from quiz.learning.attempt import Attempt
from quiz.packs.catalog import Catalog
from quiz.proofs.service import Proofs
from quiz.runs.run import Run
from quiz.runs.service import Runs
from quiz.web.components.questions import next_steps, progress_markers, review_state
from quiz.web.components.questions.answer_result import AnswerResult
from quiz.web.components.questions.dispute import DisputeReport
from quiz.web.components.questions.next_review import NextReview, next_review
from quiz.web.components.questions.next_steps import RelatedQuestion
from quiz.web.components.questions.progress_markers import Link, Standings
from quiz.web.components.questions.proof_summary import ProofSummary, load_local, shipped
from quiz.web.components.questions.question_card import Card
from quiz.web.components.runs.run_panel import RunPanel, run_panel
from quiz.web.components.runs.viewer import Viewer
from quiz.web.core.request import State

# A newer answer gives the focus to its verdict; later the page is only looked at.
FRESH = timedelta(minutes=1)
ANOTHER_RUN = "Another run of yours still goes on. Run this one when that has ended."
NOT_RUN = "This has not run yet. Run it to see what it says of each answer."
TAKES_LONG = "This takes a while, so it waits for you. Run it to see what it says of each answer."

# A proof, and the words that say where it was made.
Proven = tuple[str, ProofSummary]


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """`standings` are those of the pack. `is_last`: the learner can still undo this answer.

    `in_review` is the link to the next due question; None outside a review.
    """

    result: AnswerResult
    standings: Standings
    now: datetime
    panel: RunPanel | None = None
    proofs: Sequence[Proven] = ()
    is_last: bool = False
    in_review: Link | None = None

    @property
    def card(self) -> Card:
        return self.result.card

    @property
    def attempt(self) -> Attempt:
        return self.result.attempt

    @property
    def next_step(self) -> Link:
        if self.in_review:
            return self.in_review
        card = self.card
        return next_steps.after(card.pack, card.question, self.attempt.id, self.standings)

    @property
    def related(self) -> RelatedQuestion | None:
        """A question to practise after a miss."""
        if not self.result.is_miss:
            return None
        question = self.card.question
        beliefs = question.beliefs(self.attempt.answer)
        return next_steps.related(self.card.pack, question, beliefs, self.standings)

    @property
    def next_review(self) -> NextReview | None:
        standing = self.standings.get(self.card.question.id)
        return next_review(standing, self.attempt, self.now)

    @property
    def undo_href(self) -> str:
        """Address that undoes the answer; "" if another answer followed."""
        if not self.is_last:
            return ""
        return f"/attempts/{self.attempt.id}/undo{review_state.suffix(self.in_review is not None)}"

    def context(self) -> dict[str, Any]:
        """Variables of attempt.html."""
        card, result = self.card, self.result
        topic = card.question.topic
        return {
            "card": card,
            "question": card.question,
            "markers": progress_markers.markers(card.pack, topic, self.standings, card.question),
            "panel": self.panel,
            "view": result.view,
            "undecided": result.undecided,
            "verdict": result.verdict,
            "fresh": self.now - self.attempt.at < FRESH,
            "practice": result.practice_note,
            "sure": result.confidence_note,
            "beliefs": result.beliefs,
            "dispute": result.dispute,
            "related": self.related,
            "proofs": self.proofs,
            "next_step": self.next_step,
            "next_review": self.next_review,
            "undo": self.undo_href,
        }


async def load(
    services: State, viewer: Viewer, card: Card, attempt: Attempt, *, in_review: bool = False
) -> AnsweredQuestion:
    """Everything that the page of this attempt shows. `card` has the attempt's numbers."""
    storage, who, pack = services["storage"], attempt.learner, card.pack
    result = await load_result(services, card, attempt)
    standings = await storage.standings.of_pack(who, pack.slug)
    newest = await storage.attempts.latest(who, 1)
    queue = await review_state.load_queue(services, who) if in_review else None
    return AnsweredQuestion(
        result=result,
        standings=standings,
        now=datetime.now(UTC),
        panel=panel(services, viewer, result),
        proofs=await load_proofs(services["shelf"].catalog, services["proofs"], card),
        is_last=[one.id for one in newest] == [attempt.id],
        in_review=queue.next_step if queue else None,
    )


async def load_result(services: State, card: Card, attempt: Attempt) -> AnswerResult:
    """The attempt with its run and with the dispute about it."""
    runs = services["runs"]
    run = await load_kept_run(runs, attempt.run)
    found = await services["storage"].disputes.of_attempt(attempt.id)
    if found is None:
        return AnswerResult(card, attempt, run)
    repetition = await load_kept_run(runs, found.second_run)
    report = DisputeReport(card.pack, card.question, found, run, repetition)
    return AnswerResult(card, attempt, run, report)


async def load_kept_run(runs: Runs, id: str | None) -> Run | None:
    """None if the run was imported without its record, or is no longer kept."""
    try:
        return await runs.get(id) if id else None
    except QuizError:
        return None


async def load_proofs(catalog: Catalog, proofs: Proofs, card: Card) -> list[Proven]:
    """The pack's proof and this machine's own. Question variants share their question's proof."""
    of = card
    if card.variant and (question := card.pack.question(card.question.id)):
        of = replace(card, question=question, variant=0)
    local = await load_local(proofs, of)
    both = (("", shipped(catalog, of)), ("On this machine: ", local))
    return [(where, proof) for where, proof in both if proof]


def panel(services: State, viewer: Viewer, result: AnswerResult) -> RunPanel | None:
    """The panel of the attempt's run; None for a question without a demo."""
    card, attempt = result.card, result.attempt
    if card.choice is None:
        return None
    return replace(
        run_panel(services, viewer, card.choice, result.run),
        attempt=attempt.id,
        paths=card.question.fact_paths,
        why="" if result.run else _why_not_run(services["runs"], card, attempt.learner),
        predicted=card.question.predicted(attempt.answer),
    )


def _why_not_run(runs: Runs, card: Card, learner: str) -> str:
    if runs.active(learner):
        return ANOTHER_RUN
    return NOT_RUN if card.starts_itself else TAKES_LONG
