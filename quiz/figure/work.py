"""The calls of an app in words: their times, their order, their overlaps.

A number to stress is between two NUMBER characters.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from quiz.figure import words
from quiz.figure.words import duration, listed, short_error
from quiz.timeline import Span, last_ms, most_at_once, overlap_ms

MANY = 6  # more calls than this are summed up by name
AT_ONCE_MS = 15.0  # "when it ended" means that the next call started within this time
NUMBER = "\x1f"


def stressed(ms: float) -> str:
    return f"{NUMBER}{duration(ms)}{NUMBER}"


def from_to(took: Sequence[float]) -> str:
    """ "5 ms" or "5 ms to 2.00 s"."""
    least, most = min(took), max(took)
    if duration(least) == duration(most):
        return stressed(least)
    return f"{stressed(least)} to {stressed(most)}"


@dataclass(frozen=True)
class Work:
    """The app's calls in words. Calls that share no more time than `error_ms` do not overlap."""

    live: bool
    error_ms: float

    def handlers(self, calls: Sequence[Span], has_background: bool) -> list[str]:
        """Calls outside background tasks, if they failed or if there is no background task."""
        others = [s for s in calls if not s.background and s.start_ms >= 0]
        if has_background:
            others = [span for span in others if span.ended_by in ("failed", "timed_out")]
        names = dict.fromkeys(span.name for span in others)
        if len(names) == len(others) <= MANY:
            return [self._took(span) for span in others]
        return [self._summed(name, others) for name in names]

    def told(self, spans: Sequence[Span], never: Sequence[str]) -> str:
        names = dict.fromkeys(span.name for span in spans)
        if len(spans) > MANY or (len(spans) > 2 and len(names) == 1):
            clauses = [self._summed(name, spans) for name in names]
        else:
            clauses = self._one_by_one(spans)
        if never:
            clauses.append(f"{listed(list(never))} never started")
        return "; ".join(clauses)

    def _one_by_one(self, spans: Sequence[Span]) -> list[str]:
        clauses: list[str] = []
        before: list[Span] = []
        for group in self._together(spans):
            follows = len(before) == 1 and len(group) == 1
            if len(group) > 1:
                clauses += self._overlapping(group)
            elif follows and (since := self._since(before[0], group[0], len(clauses) == 1)):
                clauses.append(self._began(group[0], since))
            else:
                clauses.append(self._took(group[0]))
            before = group
        return clauses

    def _together(self, spans: Sequence[Span]) -> list[list[Span]]:
        """Groups of calls that overlap in time."""
        groups: list[list[Span]] = []
        for span in spans:
            if groups and any(overlap_ms(one, span) > self.error_ms for one in groups[-1]):
                groups[-1].append(span)
            else:
                groups.append([span])
        return groups

    def _overlapping(self, group: Sequence[Span]) -> list[str]:
        whole, rest = self._container(group)
        if whole is None:
            clauses = [self._meeting(rest)]
        else:
            clauses = [self._took(whole), *self._within(self._together(rest))]
        return clauses + [self._took(span) for span in rest if self._ending(span)]

    def _since(self, before: Span, span: Span, is_second: bool) -> str:
        """ "when it ended", if the call started then."""
        if before.end_ms is None:
            return ""
        if not -self.error_ms <= span.start_ms - before.end_ms <= AT_ONCE_MS:
            return ""
        return "when it ended" if is_second else f"when {before.name} ended"

    def _are_in_turn(self, spans: Sequence[Span]) -> bool:
        return all(
            one.end_ms is not None and then.start_ms >= one.end_ms - self.error_ms
            for one, then in pairwise(spans)
        )

    def _within(self, groups: Sequence[Sequence[Span]]) -> list[str]:
        """Calls that ran during a call that contains them."""
        if len(groups) > 1 and all(len(group) == 1 for group in groups):
            names = listed([_timed(group[0]) for group in groups])
            in_turn = (
                " one after another" if self._are_in_turn([group[0] for group in groups]) else ""
            )
            return [f"within that time {names} ran{in_turn}"]
        return [
            f"{_timed(group[0])} ran within that time"
            if len(group) == 1
            else f"within that time {self._meeting(group)}"
            for group in groups
        ]

    def _meeting(self, group: Sequence[Span]) -> str:
        shared = min(map(last_ms, group)) - max(span.start_ms for span in group)
        how = "ran at the same time" if shared > self.error_ms else "overlapped"
        return f"{listed([_timed(span) for span in group])} {how}"

    def _container(self, group: Sequence[Span]) -> tuple[Span | None, list[Span]]:
        """The call that encloses all other calls of its group, and those other calls."""
        first, *others = group
        ends = [span.end_ms for span in others]
        if first.end_ms is None or any(end is None or end > first.end_ms for end in ends):
            return None, list(group)
        return first, others

    def _summed(self, name: str, spans: Sequence[Span]) -> str:
        """ "write ran 8 times, 50 ms each"; calls that failed come separately."""
        calls = [span for span in spans if span.name == name]
        took = [s.end_ms - s.start_ms for s in calls if s.end_ms is not None and _went_well(s)]
        clause = f"{name} ran {len(calls)} times" if len(calls) > 1 else f"{name} ran"
        all_well = len(took) == len(calls)
        if all_well:
            clause += f", {_each(took)}"
        if (most := most_at_once(calls, self.error_ms)) > 1:
            clause += f", at most {most} at the same time"
        well = [] if all_well or not took else [f"{len(took)} took {_each(took)}"]
        ends = Counter(words.outcome(span, self.live) for span in calls)
        odd = (f"{number} {word}" for word, number in ends.items() if word)
        return "; ".join([clause, *well, *odd])

    def _took(self, span: Span) -> str:
        word = self._ending(span)
        if span.end_ms is None:
            return f"{_called(span)} {self._is(word)}"
        took = stressed(span.end_ms - span.start_ms)
        if not word:
            return f"{_called(span)} took {took}"
        error = f": {short_error(span.error)}" if span.error else ""
        return f"{_called(span)} {_passive(word)} after {took}{error}"

    def _began(self, span: Span, since: str) -> str:
        begun = f"{span.name} started {since}"
        word = self._ending(span)
        if not word:
            return begun
        if span.end_ms is None:
            return f"{begun} and {self._is(word)}"
        error = f": {short_error(span.error)}" if span.error else ""
        return f"{begun} and {_passive(word)} after {stressed(span.end_ms - span.start_ms)}{error}"

    def _ending(self, span: Span) -> str:
        return words.ending(span, self.live)

    def _is(self, word: str) -> str:
        if not word.startswith("still"):
            return word
        return f"{'is' if self.live else 'was'} {word}"


def _each(took: Sequence[float]) -> str:
    return f"{from_to(took)} each" if len(took) > 1 else from_to(took)


def _called(span: Span) -> str:
    return span.name if span.attempt == 1 else f"{span.name}, attempt {span.attempt},"


def _passive(word: str) -> str:
    return f"was {word}" if word == "cancelled" else word


def _timed(span: Span) -> str:
    if span.end_ms is None or not _went_well(span):
        return span.name
    return f"{span.name} ({stressed(span.end_ms - span.start_ms)})"


def _went_well(span: Span) -> bool:
    return span.ended_by == "succeeded"
