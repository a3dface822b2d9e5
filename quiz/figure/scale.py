"""Milliseconds to places in per cent, with a scale of its own up to an early response, and ticks.

A track is at least `MIN_CHARS` of its own characters wide (timeline.css says so); what keeps apart
at that width does so at every greater one: places move apart, texts stay as wide as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from quiz.figure.words import duration

MIN_CHARS = 36.0
GAP = 2.6  # per cent of the width that the break takes
BEFORE = 4.0  # per cent for what began before zero
EARLY = 0.05  # a response in this share of the axis gets a scale of its own
AFTER = 1.03  # the axis goes on a little after the last end
HEAD_LEAST, HEAD_MOST = 18.0, 38.0
# An end so little behind the response is drawn at it: less than a pixel of the scale behind.
TOGETHER = 0.003

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Tick:
    place: float
    text: str
    anchor: Anchor = "middle"


@dataclass(frozen=True, slots=True)
class Scale:
    """`sent_ms` is set when the stretch up to it has its own scale, up to `head` per cent."""

    end_ms: float
    zero: float = 0.0
    sent_ms: float | None = None
    head: float = 0.0

    @property
    def broken(self) -> bool:
        return self.sent_ms is not None

    @property
    def tail(self) -> float:
        """Where the scale behind the break begins."""
        return self.head + GAP

    def place(self, ms: float, *, ends: bool = False) -> float:
        """Where an instant lies. At the break a beginning lies behind it, an end before it."""
        if ms < 0:
            return 0.0
        if self.sent_ms is None:
            return min(100.0, self.zero + ms / self.end_ms * (100.0 - self.zero))
        late = ms - self.sent_ms
        behind = self.end_ms - self.sent_ms
        if late < 0 or (ends and late <= TOGETHER * behind):
            return self.zero + min(1.0, ms / self.sent_ms) * (self.head - self.zero)
        return min(100.0, self.tail + late / behind * (100.0 - self.tail))

    def stretch(self, start_ms: float, end_ms: float) -> list[tuple[float, float]]:
        """(place, width) of a stretch of time: two where it goes over the break."""
        start, end = self.place(start_ms), self.place(end_ms, ends=True)
        if not self.broken or start > self.head or end <= self.head:
            return [(start, max(0.0, end - start))]
        return [(start, self.head - start), (self.tail, end - self.tail)]

    def ticks(self) -> list[Tick]:
        ticks = [Tick(self.zero, "0", "start" if self.zero < BEFORE else "middle")]
        if self.sent_ms is not None:
            ticks.append(Tick(self.head, duration(self.sent_ms)))
        taken = max(_box(tick)[1] for tick in ticks)
        for tick in self._round():
            left, right = _box(tick)
            if left >= taken + 0.8 and right <= MIN_CHARS:
                ticks.append(tick)
                taken = right
        return ticks

    def _round(self) -> Iterator[Tick]:
        step = self._step()
        for number in range(1, int(self.end_ms / step) + 1):
            ms = number * step
            if self.sent_ms is None or ms > self.sent_ms:
                place = self.place(ms)
                tick = Tick(place, _tick_text(ms, step, self.end_ms))
                over = _box(tick)[1] > MIN_CHARS
                yield Tick(place, tick.text, "end") if over else tick

    def _step(self) -> float:
        """The smallest round step whose labels keep apart on the narrowest track."""
        since = self.sent_ms or 0.0
        share = (100.0 - (self.tail if self.broken else self.zero)) / 100.0
        room = MIN_CHARS * share / (self.end_ms - since)  # characters a millisecond
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
    """From where to where the tick's text goes on the narrowest track, in characters."""
    at, size = tick.place * MIN_CHARS / 100, float(len(tick.text))
    left = at - {"start": 0.0, "middle": size / 2, "end": size}[tick.anchor]
    return left, left + size


def fit(end_ms: float, sent_ms: float | None, before: bool, names: float) -> Scale:
    """The scale up to `end_ms`; labels before the response need `names` characters."""
    end = max(end_ms * AFTER, 0.1)
    zero = BEFORE if before else 0.0
    if sent_ms is None or not 0 < sent_ms <= EARLY * end:
        return Scale(end, zero)
    head = max(HEAD_LEAST, min(HEAD_MOST, (names + 0.5) / MIN_CHARS * 100)) + zero
    return Scale(end, zero, sent_ms, head)
