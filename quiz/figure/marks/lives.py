"""The life of a program of the run: a line at the foot of its lane."""

from collections.abc import Iterable, Sequence

from quiz.figure import words
from quiz.figure.marks import labels
from quiz.figure.marks.bars import Look
from quiz.figure.marks.labels import AIR, Line, Spot
from quiz.figure.model import Label, Life
from quiz.timeline import LOOP, Process

STRIP = 1.9  # em: a line of text, and the program's line below it
WORDS, LINE = 0.75, 1.5


def worth_showing(processes: Iterable[Process]) -> list[Process]:
    """Every program except a single web server that lived from start to end."""
    known = list(processes)
    webs = [process for process in known if process.lane == LOOP]
    alone = len(webs) == 1 and webs[0].end_ms is None
    return [process for process in known if not (alone and process in webs)]


def life(process: Process, look: Look, top: float) -> Life:
    """The life in its strip of the lane, which begins at `top` (em)."""
    end_ms = look.now_ms if process.end_ms is None else process.end_ms
    frames = tuple(look.scale.stretch(process.start_ms, max(process.start_ms, end_ms)))
    first, last = frames[0][0], frames[-1][0] + frames[-1][1]
    started = process.start_ms > 0
    y = round(top + LINE, 2)
    said = [("started", [Spot(first, "start", AIR), Spot(first, "end", -AIR)])] if started else []
    if process.ended_by:
        said.append((_ending(process), [Spot(last, "start", AIR), Spot(last, "end", -AIR)]))
    return Life(
        process=process.pid,
        frames=frames,
        y=y,
        title=_title(process),
        start=first if started else None,
        end=last if process.ended_by else None,
        ended_by=process.ended_by or "",
        labels=tuple(_labels(said, round(top + WORDS, 2))),
        grows=look.live and process.end_ms is None,
    )


def _ending(process: Process) -> str:
    error = words.short_error(process.error)
    return f"{words.end_of(process)}: {error}" if error else words.end_of(process)


def _labels(said: Sequence[tuple[str, list[Spot]]], y: float) -> Iterable[Label]:
    """The labels of a life, the last first. The title has those without room."""
    line = Line()
    for text, spots in reversed(said):
        width = labels.size(text)
        spot = next((s for s in spots if line.takes_text(s.box(width))), None)
        if spot:
            line.texts.append(spot.box(width))
            tone = labels.tone_of(text)
            yield Label(text, "", tone, spot.place, spot.anchor, y, spot.shift)


def _title(process: Process) -> str:
    begun = f"The {process.name} process {process.pid} started {words.instant(process.start_ms)}"
    if process.end_ms is None:
        return begun
    how = "exited" if words.end_of(process) == "exited" else f"was {words.end_of(process)}"
    ended = f"{begun} and {how} {words.instant(process.end_ms)}"
    return f"{ended}: {process.error}" if process.error else ended
