"""The grid of a pack's concepts and tools: how well the learner knows each pair. Pure.

quiz.learning.spaced_repetition computes the numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from quiz.learning import spaced_repetition
from quiz.learning.attempt import Standing
from quiz.packs.pack import Pack
from quiz.questions.base import Question
from quiz.web.components.questions import review_state
from quiz.web.components.questions.progress_markers import question_href
from quiz.web.components.wording import plural

# Sizes of the drawing in SVG units.
CELL, ROW, LABELS = 26, 24, 190


@dataclass(frozen=True, slots=True)
class Cell:
    """A concept with a tool. `strength` is 0 to 100, None before the first answer.

    `n` of its `of` questions were tried; `due` is the number of due questions.
    """

    x: int
    y: int
    n: int
    of: int
    strength: int | None
    href: str
    due: int
    label: str

    @property
    def shade(self) -> float:
        return 0.0 if self.strength is None else round(0.15 + 0.85 * self.strength / 100, 2)


@dataclass(frozen=True, slots=True)
class GridRow:
    title: str
    y: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A pack's concepts (rows) and tools (columns). A cell without questions is None."""

    title: str
    slug: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[GridRow, ...]

    @property
    def width(self) -> int:
        return LABELS + CELL * len(self.columns)

    @property
    def height(self) -> int:
        return ROW * (len(self.rows) + 1)


def grid(pack: Pack, standings: Mapping[str, Standing], now: datetime) -> Grid | None:
    """None if no question of the pack names both a concept and a tool."""
    questions: dict[tuple[str, str], list[Question]] = {}
    for question in pack.questions:
        if question.concept and question.pattern:
            questions.setdefault((question.concept, question.pattern), []).append(question)
    if not questions:
        return None
    rows = []
    for down, (concept, title) in enumerate(pack.concepts.items()):
        cells = [
            _cell(pack, f"{title}, {name}", asked, standings, now, (across, down))
            if (asked := questions.get((concept, pattern)))
            else None
            for across, (pattern, name) in enumerate(pack.patterns.items())
        ]
        rows.append(GridRow(title, ROW * (down + 1), tuple(cells)))
    columns = ((name, LABELS + CELL * n) for n, name in enumerate(pack.patterns.values()))
    return Grid(pack.title, pack.slug, tuple(columns), tuple(rows))


def _cell(
    pack: Pack,
    title: str,
    asked: Sequence[Question],
    standings: Mapping[str, Standing],
    now: datetime,
    place: tuple[int, int],
) -> Cell:
    recalls = {
        question.id: _recall(standing, standing.memory, now)
        for question in asked
        if (standing := standings.get(question.id)) and standing.memory
    }
    strength = round(100 * fmean(recalls.values())) if recalls else None
    due = _due(asked, standings, now)
    label = _label(title, strength, len(recalls), len(asked))
    href = question_href(pack, due[0] if due else _next(asked, standings, recalls))
    return Cell(
        x=LABELS + CELL * place[0],
        y=ROW * (place[1] + 1),
        n=len(recalls),
        of=len(asked),
        strength=strength,
        href=f"{href}?{review_state.FROM}" if due else href,
        due=len(due),
        label=f"{label}, {len(due)} due" if due else label,
    )


def _recall(standing: Standing, memory: spaced_repetition.Memory, now: datetime) -> float:
    """Chance that the learner recalls the answer now, 0 to 1; 0 if the last answer was a miss."""
    if (standing.counted.score or 0.0) < spaced_repetition.PASSED:
        return 0.0
    return spaced_repetition.recall(memory, now)


def _due(
    asked: Sequence[Question], standings: Mapping[str, Standing], now: datetime
) -> list[Question]:
    return [
        question
        for question in asked
        if (standing := standings.get(question.id))
        and standing.memory
        and spaced_repetition.is_due(standing.memory, now)
    ]


def _next(
    asked: Sequence[Question], standings: Mapping[str, Standing], recalls: Mapping[str, float]
) -> Question:
    """The first question without an answer, else the question that the learner knows least."""
    unanswered = [question for question in asked if question.id not in standings]
    return unanswered[0] if unanswered else min(asked, key=lambda one: recalls.get(one.id, 1.0))


def _label(title: str, strength: int | None, tried: int, questions: int) -> str:
    said = "nothing answered yet" if strength is None else f"{strength} %"
    return f"{title}: {said}, {tried} of {plural(questions, 'question')}"
