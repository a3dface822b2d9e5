"""Milliseconds as places in per cent, and ticks.

The axis is one stretch, or several with breaks between them: the time up to an early response has
its own scale, and idle time may be folded.

A track is at least `MIN_CHARS` of its own characters wide (see timeline.css). Texts that stay apart
at that width stay apart at every greater width: places move apart, texts keep their width.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from quiz.figure.words import duration

MIN_CHARS = 36.0
GAP = 2.6  # per cent of the width for a break
BEFORE = 4.0  # per cent for the time before zero
EARLY = 0.05  # a response within this share of the axis gets its own scale
AFTER = 1.03  # the axis continues a little after the last end
HEAD_LEAST, HEAD_MOST = 18.0, 38.0
LEAST = 7.0  # per cent for the shortest stretch beside a fold
# An end so close after a break is drawn at the break: less than a pixel of the scale after it.
TOGETHER = 0.003

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Tick:
    place: float
    text: str
    anchor: Anchor = "middle"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time with one scale, from place `first` to place `last`."""

    start_ms: float
    end_ms: float
    first: float
    last: float

    def place(self, ms: float) -> float:
        share = (ms - self.start_ms) / (self.end_ms - self.start_ms)
        return self.first + min(1.0, share) * (self.last - self.first)

    @property
    def density(self) -> float:
        """Characters per millisecond on the narrowest track."""
        return MIN_CHARS * (self.last - self.first) / 100 / (self.end_ms - self.start_ms)


@dataclass(frozen=True, slots=True)
class Break:
    """A break between two stretches. It hides `folded_ms`; 0 if only the scale changes."""

    first: float
    last: float
    folded_ms: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The stretches of an axis. `early`: the first ends at the response and has its own scale."""

    stretches: tuple[Stretch, ...]
    early: bool = False

    @property
    def end_ms(self) -> float:
        return self.stretches[-1].end_ms

    @property
    def zero(self) -> float:
        return self.stretches[0].first

    @property
    def breaks(self) -> tuple[Break, ...]:
        return tuple(
            Break(one.last, other.first, other.start_ms - one.end_ms)
            for one, other in pairwise(self.stretches)
        )

    def place(self, ms: float, *, ends: bool = False) -> float:
        """The place of an instant. At a break a start lies after it and an end before it."""
        if ms < 0:
            return 0.0
        for one, other in pairwise(self.stretches):
            if ms < one.end_ms:
                return one.place(ms)
            together = TOGETHER * (other.end_ms - other.start_ms)
            if ends and ms - other.start_ms <= together:
                return one.last
            if ms < other.start_ms:
                return other.first
        return self.stretches[-1].place(ms)

    def stretch(self, start_ms: float, end_ms: float) -> list[tuple[float, float]]:
        """The (place, width) pairs of a time span: one per stretch that it crosses."""
        start, end = self.place(start_ms), self.place(end_ms, ends=True)
        parts = [
            (max(start, 0.0 if part.first == self.zero else part.first), min(end, part.last))
            for part in self.stretches
        ]
        return [(left, right - left) for left, right in parts if right > left] or [(start, 0.0)]

    def ticks(self) -> list[Tick]:
        ticks = [Tick(self.zero, "0", "start" if self.zero < BEFORE else "middle")]
        if self.early:
            head = self.stretches[0]
            ticks.append(Tick(head.last, duration(head.end_ms)))
        taken = max(_box(tick)[1] for tick in ticks)
        for stretch in self.stretches[self.early :]:
            for tick in self._round(stretch):
                left, right = _box(tick)
                if left >= taken + 0.8 and right <= MIN_CHARS:
                    ticks.append(tick)
                    taken = right
        return ticks

    def _round(self, stretch: Stretch) -> Iterator[Tick]:
        step = self._step()
        first, last = int(stretch.start_ms / step) + 1, int(stretch.end_ms / step)
        # A stretch after a fold has a tick at its start, even if no round number lies in it.
        folded = stretch.start_ms > 0 and not self._follows(stretch)
        if folded and (first > last or stretch.density * (first * step - stretch.start_ms) > 4):
            yield Tick(stretch.first, duration(stretch.start_ms), "start")
        for number in range(first, last + 1):
            ms = number * step
            place = stretch.place(ms)
            tick = Tick(place, _tick_text(ms, step, self.end_ms))
            over = _box(tick)[1] > MIN_CHARS
            yield Tick(place, tick.text, "end") if over else tick

    def _follows(self, stretch: Stretch) -> bool:
        return any(stretch.start_ms == other.end_ms for other in self.stretches)

    def _step(self) -> float:
        """The smallest round step whose labels stay apart on the narrowest track."""
        room = min(stretch.density for stretch in self.stretches[self.early :])
        steps = (digit * 10.0**power for power in range(-3, 9) for digit in (1, 2, 5))
        return next(s for s in steps if s * room >= _longest(s, self.end_ms) + 1.6)


def _longest(step: float, end_ms: float) -> int:
    last = max(1.0, end_ms // step) * step
    return max(len(_tick_text(ms, step, end_ms)) for ms in (step, last - step, last) if ms > 0)


def _tick_text(ms: float, step: float, end_ms: float) -> str:
    if end_ms < 1000 or step < 10:
        return f"{round(ms, 3):g} ms"
    return f"{round(ms / 1000, 2):g} s"


def _box(tick: Tick) -> tuple[float, float]:
    """The left and right end of a tick's text on the narrowest track, in characters."""
    at, size = tick.place * MIN_CHARS / 100, float(len(tick.text))
    left = at - {"start": 0.0, "middle": size / 2, "end": size}[tick.anchor]
    return left, left + size


def fit(
    end_ms: float,
    sent_ms: float | None,
    before: bool,
    names: float,
    fold: tuple[float, float] | None = None,
) -> Scale:
    """The scale up to `end_ms` without `fold`.

    Labels before the response need `names` characters.
    """
    folded = fold[1] - fold[0] if fold else 0.0
    kept = max((end_ms - folded) * AFTER, 0.1)
    end = kept + folded
    zero = BEFORE if before else 0.0
    if sent_ms is None or not 0 < sent_ms <= EARLY * kept:
        return Scale(tuple(_laid(_times(0.0, end, fold), zero)))
    head = max(HEAD_LEAST, min(HEAD_MOST, (names + 0.5) / MIN_CHARS * 100)) + zero
    rest = _laid(_times(sent_ms, end, fold), head + GAP)
    return Scale((Stretch(0.0, sent_ms, zero, head), *rest), early=True)


def _times(start: float, end: float, fold: tuple[float, float] | None) -> list[tuple[float, float]]:
    if fold is None or fold[0] <= start:
        return [(start, end)]
    return [(start, fold[0]), (fold[1], end)]


def _laid(times: list[tuple[float, float]], first: float) -> Iterator[Stretch]:
    """The stretches side by side up to the right edge, with widths in proportion to their times."""
    room = 100.0 - first - GAP * (len(times) - 1)
    lengths = [end - start for start, end in times]
    floors = max(0.0, room - LEAST * len(times))
    for (start, end), length in zip(times, lengths, strict=True):
        width = LEAST + floors * length / sum(lengths) if len(times) > 1 else room
        yield Stretch(start, end, first, first + width)
        first += width + GAP
