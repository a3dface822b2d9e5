"""The stretches in which the event loop is blocked, and their labels under the rows."""

from collections.abc import Iterable
from dataclasses import replace

from quiz.figure import words
from quiz.figure.marks import labels
from quiz.figure.marks.bars import Look
from quiz.figure.marks.labels import Box, Line, Spot
from quiz.figure.model import Band, Label
from quiz.timeline import BLOCKED_FROM_MS, Block

STRIP = 1.5  # em for a line of text
STRIPS = 2


def bands(blocks: Iterable[Block], look: Look, top: float) -> tuple[tuple[Band, ...], float]:
    """The bands, and the height of their labels below `top`, both in em."""
    lines: list[Line] = []
    found = []
    for block in blocks:
        if block.ms < BLOCKED_FROM_MS:
            continue
        frames = tuple(look.scale.stretch(block.start_ms, block.end_ms))
        text = f"loop blocked {words.duration(block.ms)}"
        first, last = frames[0][0], frames[-1][0] + frames[-1][1]
        row, spot = _strip(text, labels.bar_box(first, last), (first, last), lines)
        y = (row + 0.5) * STRIP
        label = Label(text, "", "bad", spot.place, spot.anchor, y) if spot else None
        found.append(Band(frames, text, label))
    return tuple(_lowered(band, top) for band in found), min(len(lines), STRIPS) * STRIP


def _strip(
    text: str, box: Box, ends: tuple[float, float], lines: list[Line]
) -> tuple[int, Spot | None]:
    width = labels.size(text)
    spots = labels.near(labels.above(*ends, None), width, box)
    for row in range(STRIPS):
        if row == len(lines):
            lines.append(Line())
        for spot in spots:
            if lines[row].takes_text(spot.box(width)):
                lines[row].texts.append(spot.box(width))
                return row, spot
    return 0, None


def _lowered(band: Band, height: float) -> Band:
    if band.label is None:
        return band
    return replace(band, label=replace(band.label, y=round(band.label.y + height, 2)))
