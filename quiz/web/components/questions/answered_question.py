"""An answered question: its verdict, its options with what the learner's own run says, the lab.

The form before the answer is in pages/question.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from fastapi import Request

from quiz.errors import QuizError
from quiz.learning.attempt import Attempt, Standing
from quiz.learning.spaced_repetition import PASSED
from quiz.proofs.dispute_watcher import contradicts
from quiz.questions.base import Outcome, Question
from quiz.runs.run import Run
from quiz.web.components.questions import next_steps, progress_markers, review_state
from quiz.web.components.questions.dispute import Disputed
from quiz.web.components.questions.next_steps import Offer
from quiz.web.components.questions.progress_markers import Link
from quiz.web.components.questions.proof_summary import Proven, made_here, shipped
from quiz.web.components.questions.question_card import Card, card
from quiz.web.components.questions.review_state import Return
from quiz.web.components.runs import run_start
from quiz.web.components.runs.run_choice import Choice
from quiz.web.components.runs.run_panel import Lab
from quiz.web.core.request import learner, state

# Just answered: then the verdict gets the focus, not when the page is looked at again.
FRESH = timedelta(minutes=1)
REPEATED = "This run contradicts the right answer. It is repeated; look again in a moment."
CERTAIN = "You were certain. What one was wrong about is kept best when it is met again soon."
BROKEN = "You broke into this run, so it says nothing of the options. Run it again."
OTHERS = "This was answered with numbers that the question no longer has."
DOUBTED = "This run says nothing about the options. The reason is given beside its timeline."
TOO_BUSY = "The machine was too busy, so this run says nothing of the options. Run it again."


@dataclass(frozen=True, slots=True)
class Verdict:
    name: str
    sign: str
    words: str


@dataclass(frozen=True)
class Sheet:
    request: Request
    card: Card
    attempt: Attempt

    @cached_property
    def run(self) -> Run | None:
        return self._kept(self.attempt.run)

    def _kept(self, run: str | None) -> Run | None:
        """None, too, where its record came from elsewhere or is gone: it can be run again."""
        try:
            return state(self.request)["runs"].get(run) if run else None
        except QuizError:
            return None

    @property
    def choice(self) -> Choice | None:
        return self.card.choice

    @cached_property
    def lab(self) -> Lab | None:
        if self.choice is None:
            return None
        return Lab(
            request=self.request,
            choice=self.choice,
            run=self.run,
            attempt=self.attempt.id,
            paths=self.card.question.fact_paths,
            why="" if self.run else self._why,
            predicted=self.card.question.predicted(self.attempt.answer),
        )

    @property
    def _why(self) -> str:
        if state(self.request)["runs"].active(self.attempt.learner):
            return "Another run of yours still goes on. Run this one when that has ended."
        if self.card.starts_itself:
            return "This has not run yet. Run it to see what it says of each answer."
        return "This takes a while, so it waits for you. Run it to see what it says of each answer."

    @property
    def _numbers_are_gone(self) -> bool:
        return bool(self.attempt.drawn) and not self.card.draw

    @cached_property
    def outcomes(self) -> Mapping[str, Outcome] | None:
        run = self.run
        if run is None or not run.decides or self._numbers_are_gone:
            return None
        return self.card.question.outcomes(run.timeline.facts)

    @property
    def undecided(self) -> str:
        if self.run and self.run.is_over and self.run.broken:
            return BROKEN
        if self.run and self.run.is_over and self.run.disturbed:
            return TOO_BUSY
        if self.run and self.run.is_over and self.run.doubt:
            return DOUBTED
        if self._numbers_are_gone or self.dispute:
            return ""
        if self.run and contradicts(self.run, self.card.question):
            return REPEATED
        return ""

    @cached_property
    def dispute(self) -> Disputed | None:
        """The two runs that contradict the key, if there are."""
        found = state(self.request)["storage"].dispute_of(self.attempt.id)
        if found is None:
            return None
        again = self._kept(found.second_run)
        return Disputed(self.card.pack, self.card.question, found, self.run, again)

    @property
    def view(self) -> Any:
        return self.card.question.view(self.attempt.answer, self.attempt.learner, self.outcomes)

    @property
    def verdict(self) -> Verdict:
        if self.attempt.revealed:
            return Verdict("shown", progress_markers.SIGNS["shown"], "Shown, not answered.")
        if self._numbers_are_gone:
            name = progress_markers.mark(self.attempt)
            return Verdict(name, progress_markers.SIGNS[name], OTHERS)
        grade = self.card.question.grade(self.attempt.answer)
        if self.dispute and grade.score < 1:
            return Verdict("shown", "≠", "Not counted: two runs contradict the right answer.")
        if self.attempt.hinted and grade.score:
            name = progress_markers.mark(self.attempt)
            words = f"{grade.feedback.rstrip('.')}, with a hint: that is worth half."
            return Verdict(name, progress_markers.SIGNS[name], words)
        return Verdict(grade.mark, progress_markers.SIGNS[grade.mark], grade.feedback)

    @property
    def beliefs(self) -> list[str]:
        """What one believes who answers so, as far as the pack has a sentence for it."""
        if self._numbers_are_gone:
            return []
        known = self.card.pack.misconceptions
        named = self.card.question.beliefs(self.attempt.answer)
        return [known[name] for name in named if name in known]

    @property
    def fresh(self) -> bool:
        return datetime.now(UTC) - self.attempt.at < FRESH

    @property
    def proofs(self) -> list[tuple[str, Proven]]:
        """The one that came with the pack, and this machine's own; with where each was made."""
        of = self._undrawn
        both = (("", shipped(self.request, of)), ("On this machine: ", made_here(self.request, of)))
        return [(where, proof) for where, proof in both if proof]

    @property
    def _undrawn(self) -> Card:
        """With the question's own numbers: its proof is one with that of its draws."""
        pack = self.card.pack
        question = pack.question(self.card.question.id)
        return card(state(self.request)["shelf"].catalog, pack, question or self.card.question)

    @cached_property
    def back(self) -> Return | None:
        """When the question comes back, as far as this answer decides it."""
        pack, id = self.card.pack.slug, self.card.question.id
        marks = state(self.request)["storage"].marks(self.attempt.learner, pack, [id])
        return review_state.comes_back(marks.get(id), self.attempt, datetime.now(UTC))

    @property
    def is_last(self) -> bool:
        newest = state(self.request)["storage"].attempts(self.attempt.learner, 1)
        return [one.id for one in newest] == [self.attempt.id]

    @property
    def sure(self) -> str:
        """What being certain, or guessing, means for what comes; "" where it means nothing."""
        of = self.attempt
        if of.score is None or not of.counted or self.dispute:
            return ""
        if of.confidence == "certain" and of.score < PASSED:
            return CERTAIN  # when it comes back stands below, and may be corrected
        if of.confidence == "guess" and of.score >= 1:
            return "You guessed, and guessed right: so it comes back sooner than a sure answer."
        return ""

    def context(self) -> dict[str, Any]:
        """What attempt.html draws."""
        pack, question = self.card.pack, self.card.question
        marks = state(self.request)["storage"].marks(self.attempt.learner, pack.slug)
        return {
            "card": self.card,
            "trail": progress_markers.trail(pack, question.topic, marks, question),
            "onward": self._onward(marks),
            "back": self.back,
            "sure": self.sure,
            "undo": f"/attempts/{self.attempt.id}/undo{self.via}" if self.is_last else "",
            "via": self.via,
            "lab": self.lab,
            "view": self.view,
            "question": question,
            "verdict": self.verdict,
            "practice": self._practice,
            "undecided": self.undecided,
            "fresh": self.fresh,
            "proofs": self.proofs,
            "dispute": self.dispute,
            "beliefs": self.beliefs,
            "treats": self._treats(marks),
        }

    @property
    def _practice(self) -> str:
        return (
            ""
            if self.attempt.counted or self.dispute
            else f"A retry counts {progress_markers.SPACED}."
        )

    @property
    def via(self) -> str:
        return review_state.via(self.request)

    def _treats(self, marks: Mapping[str, Standing]) -> Offer | None:
        """For a miss; what was right with a hint is none, though it is worth half."""
        of, question = self.attempt, self.card.question
        if (
            of.revealed
            or self.dispute
            or self._numbers_are_gone
            or question.grade(of.answer).mark == "right"
        ):
            return None
        return next_steps.treats(self.card.pack, question, question.beliefs(of.answer), marks)

    def _onward(self, marks: Mapping[str, Standing]) -> Link:
        if review_state.asks(self.request):
            return review_state.onward(review_state.of(self.request))
        pack, question = self.card.pack, self.card.question
        return next_steps.after(pack, question, self.attempt.id, marks)


async def start(request: Request, card: Card, attempt: Attempt) -> Attempt:
    """Start the run by itself where it is short and has not to wait. A refusal is no error."""
    sheet = Sheet(request, card, attempt)
    runs = state(request)["runs"]
    if sheet.choice is None or not card.starts_itself or runs.would_queue(sheet.choice.demo.name):
        return attempt
    try:
        run = await run_start.start(request, sheet.choice)
        return await link(request, sheet.choice, attempt, run)
    except QuizError:
        # The answer is stored by now: an error page would say that it is not.
        return attempt


async def link(request: Request, choice: Choice, attempt: Attempt, run: Run) -> Attempt:
    """The attempt with this run, if the run is what its question asks for."""
    if not run_start.shows(run, choice):
        return attempt
    await state(request)["storage"].link_run(attempt.id, run.id)
    if question := _question(request, attempt):
        state(request)["disputes"].watch(attempt, question, run)
    return replace(attempt, run=run.id)


def _question(request: Request, attempt: Attempt) -> Question | None:
    """As it was asked."""
    pack = state(request)["shelf"].catalog.packs.get(attempt.pack)
    question = pack.question(attempt.question) if pack else None
    return question.drawn(attempt.drawn) if question else None


def own(request: Request, id: str) -> Sheet | None:
    """The caller's own attempt; None for another's, an unknown one, one whose question is gone."""
    kept = state(request)["storage"].attempt(id) if id else None
    if kept is None or kept.learner != learner(request):
        return None
    catalog = state(request)["shelf"].catalog
    pack = catalog.packs.get(kept.pack)
    question = pack.question(kept.question) if pack else None
    if pack is None or question is None:
        return None
    return Sheet(request, card(catalog, pack, question).drawn(kept.drawn), kept)
