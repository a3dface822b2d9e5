"""The places of texts: in the track, on no other text, and off the rule if possible.

Widths are in characters of the narrowest track (see scale.py). One end of a text is fixed to a
place in per cent, so room on the narrowest track is room at every width.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from quiz.figure.scale import MIN_CHARS, Anchor

AIR = 0.9  # characters between two texts
LEAST = 0.75  # characters for the narrowest bar: 3 px and the space after it


@dataclass(frozen=True, slots=True)
class Box:
    start: float
    end: float

    def meets(self, other: "Box", air: float = 0.0) -> bool:
        return self.start < other.end + air and other.start < self.end + air

    def within(self, other: "Box") -> bool:
        return self.start >= other.start - 0.01 and self.end <= other.end + 0.01


HALO = 0.3  # characters of background around a text
TRACK = Box(0.0, MIN_CHARS)


@dataclass(frozen=True, slots=True)
class Spot:
    """A spot for a text: its `anchor` is `shift` characters from `place`, in per cent."""

    place: float
    anchor: Anchor
    shift: float = 0.0

    def box(self, size: float) -> Box:
        at = chars(self.place) + self.shift
        left = at - {"start": 0.0, "middle": size / 2, "end": size}[self.anchor]
        return Box(left, left + size)


@dataclass(slots=True)
class Line:
    """A row of a lane while it is filled. In a dense row the texts are on the line of the bars."""

    dense: bool = False
    bars: list[Box] = field(default_factory=list)
    texts: list[Box] = field(default_factory=list)

    def takes_bar(self, bar: Box) -> bool:
        if self.dense and any(bar.meets(text, AIR) for text in self.texts):
            return False
        return not any(bar.meets(other) for other in self.bars)

    def takes_text(self, text: Box) -> bool:
        if self.dense and any(text.meets(bar) for bar in self.bars):
            return False
        return text.within(TRACK) and not any(text.meets(other, AIR) for other in self.texts)


def tone_of(text: str) -> Literal["bad", "soft"]:
    return "bad" if text.startswith("killed") or ":" in text else "soft"


def chars(place: float) -> float:
    return place * MIN_CHARS / 100.0


def bar_box(first: float, last: float) -> Box:
    start = chars(first)
    return Box(start, max(chars(last), start + LEAST))


def size(text: str) -> float:
    """The width of a text in characters. East Asian characters are wider."""
    return float(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text))


def shortened(text: str, most: float) -> str:
    if size(text) <= most:
        return text
    while text and size(text) > most - 1:
        text = text[:-1]
    return f"{text}…"


def above(first: float, last: float, rule: float | None) -> list[Spot]:
    """Spots above the bar, the best first: over its start, over its end, near it."""
    spots = [Spot(first, "start"), Spot(last, "end")]
    if rule is not None and last <= rule:
        spots.append(Spot(rule, "end", -0.5))
    elif rule is not None and first < rule:
        spots.append(Spot(rule, "start", 0.5))
    return [*spots, Spot(0.0, "start"), Spot(100.0, "end")]


def beside(first: float, last: float) -> list[Spot]:
    """Spots on the line of the bar: right of it, left of it, at worst on it."""
    return [Spot(last, "start", AIR), Spot(first, "end", -AIR), Spot(first, "start", 0.6)]


def off_the_rule(spots: Iterable[Spot], width: float, rule: float | None) -> list[Spot]:
    """The same spots; those off the rule come first."""
    if rule is None:
        return list(spots)
    return sorted(spots, key=lambda spot: not off_rule(spot.box(width), rule))


def off_rule(box: Box, rule: float) -> bool:
    return not box.start - HALO < chars(rule) < box.end + HALO


def near(spots: Sequence[Spot], width: float, bar: Box) -> list[Spot]:
    """The spots at which the text reaches over its own bar, so that it belongs to no other."""
    return [spot for spot in spots if spot.box(width).meets(bar)]
