"""An answer judged: verdict, options beside the run's facts, misconceptions, notes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quiz.learning.attempt import Attempt
from quiz.learning.spaced_repetition import PASSED
from quiz.proofs.dispute_watcher import contradicts
from quiz.questions.outcome import Outcome
from quiz.runs.run import Run
from quiz.web.components.questions import progress_markers
from quiz.web.components.questions.dispute import DisputeReport
from quiz.web.components.questions.question_card import Card

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
class AnswerResult:
    """`card` has the attempt's numbers. `run` is the attempt's run, None without one.

    `dispute`: two runs contradict the key, so a miss does not count.
    """

    card: Card
    attempt: Attempt
    run: Run | None = None
    dispute: DisputeReport | None = None

    @property
    def view(self) -> Any:
        """What the template of the question's kind shows."""
        return self.card.question.view(self.attempt.answer, self.attempt.learner, self.outcomes)

    @cached_property
    def outcomes(self) -> Mapping[str, Outcome] | None:
        """Outcome of each claim in the run; None if the run decides nothing."""
        run = self.run
        if run is None or not run.decides or self._numbers_are_gone:
            return None
        return self.card.question.outcomes(run.timeline.facts)

    @property
    def undecided(self) -> str:
        """Why the run says nothing about the options; "" if it decides."""
        run = self.run
        if run and run.is_over and (reason := _doubt(run)):
            return reason
        if self._numbers_are_gone or self.dispute:
            return ""
        return REPEATED if run and contradicts(run, self.card.question) else ""

    @property
    def verdict(self) -> Verdict:
        attempt = self.attempt
        if attempt.revealed:
            return Verdict("shown", progress_markers.SIGNS["shown"], "Shown, not answered.")
        if self._numbers_are_gone:
            return _verdict(progress_markers.mark(attempt), OTHERS)
        grade = self.card.question.grade(attempt.answer)
        if self.dispute and grade.score < 1:
            return Verdict("shown", "≠", "Not counted: two runs contradict the right answer.")
        if attempt.hinted and grade.score:
            words = f"{grade.feedback.rstrip('.')}, with a hint: that is worth half."
            return _verdict(progress_markers.mark(attempt), words)
        return _verdict(grade.mark, grade.feedback)

    @property
    def is_miss(self) -> bool:
        """Whether the learner needs practice. A right answer with a hint is no miss."""
        if self.attempt.revealed or self.dispute or self._numbers_are_gone:
            return False
        return self.card.question.grade(self.attempt.answer).mark != "right"

    @property
    def beliefs(self) -> list[str]:
        """Misconceptions behind the answer, as the pack words them in Markdown."""
        if self._numbers_are_gone:
            return []
        known = self.card.pack.misconceptions
        named = self.card.question.beliefs(self.attempt.answer)
        return [known[name] for name in named if name in known]

    @property
    def confidence_note(self) -> str:
        """What "certain" or "guess" means for the next review; "" if it changes nothing."""
        of = self.attempt
        if of.score is None or not of.counted or self.dispute:
            return ""
        if of.confidence == "certain" and of.score < PASSED:
            return CERTAIN
        if of.confidence == "guess" and of.score >= 1:
            return "You guessed, and guessed right: so it comes back sooner than a sure answer."
        return ""

    @property
    def practice_note(self) -> str:
        """When a retry counts; "" if this answer counts."""
        if self.attempt.counted or self.dispute:
            return ""
        return f"A retry counts {progress_markers.SPACED}."

    @property
    def _numbers_are_gone(self) -> bool:
        """Whether the question no longer has the variant that was answered."""
        return bool(self.attempt.drawn) and not self.card.variant


def _doubt(run: Run) -> str:
    if run.broken:
        return BROKEN
    if run.disturbed:
        return TOO_BUSY
    return DOUBTED if run.doubt else ""


def _verdict(mark: str, words: str) -> Verdict:
    return Verdict(mark, progress_markers.SIGNS[mark], words)
