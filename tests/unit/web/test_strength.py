"""The charts of the progress page over plain data."""

from datetime import timedelta
from pathlib import Path

from quiz.learning.attempt import Standing, Try
from quiz.learning.spaced_repetition import DAY, Memory
from quiz.packs.pack import Pack
from quiz.storage.activity import Day
from quiz.web.features.progress import charts, knowledge_grid
from tests import packs
from tests.attempts import NOON

MIDNIGHT = NOON.replace(hour=0)
LISTS = """\
concepts: {order: Keeps the order, side-by-side: Runs side by side}
patterns: {background-tasks: BackgroundTasks, arq: ARQ}
questions:
"""


def pack(folder: Path) -> Pack:
    text = packs.sound(("questions:\n", LISTS))
    for id, concept in (("total", "order"), ("lines", "order"), ("seconds", "side-by-side")):
        lists = f"    concept: {concept}\n    pattern: background-tasks\n"
        text = text.replace(f"  - id: {id}\n", f"  - id: {id}\n{lists}")
    return packs.pack(folder, text)


def tried(id: str, score: float, due_in: int = 1) -> Standing:
    only = Try(f"attempt of {id}", score, False, NOON - DAY)
    memory = Memory(5.0, 5.0, MIDNIGHT - DAY, MIDNIGHT + due_in * DAY)
    return Standing("small", id, 1, only, only, only, only.at, memory)


def test_a_cell_shows_the_strength_of_the_questions_that_were_tried(tmp_path: Path) -> None:
    found = knowledge_grid.grid(pack(tmp_path), {"total": tried("total", 1.0)}, NOON)
    assert found
    assert [row.title for row in found.rows] == ["Keeps the order", "Runs side by side"]
    cell, blank = found.rows[0].cells
    assert cell
    assert (cell.n, cell.of, blank) == (1, 2, None)
    assert cell.strength is not None
    assert 90 < cell.strength < 100
    assert cell.label == f"Keeps the order, BackgroundTasks: {cell.strength} %, 1 of 2 questions"


def test_a_cell_links_to_a_due_question_then_to_a_new_one_then_to_the_weakest(
    tmp_path: Path,
) -> None:
    made = pack(tmp_path)

    def href(marks: dict[str, Standing]) -> str:
        found = knowledge_grid.grid(made, marks, NOON)
        assert found
        assert found.rows[0].cells[0]
        return found.rows[0].cells[0].href

    assert href({}) == "/packs/small/total"
    assert href({"total": tried("total", 1.0)}) == "/packs/small/lines"
    due = {"total": tried("total", 1.0), "lines": tried("lines", 1.0, due_in=-1)}
    assert href(due) == "/packs/small/lines?from=review"


def test_a_question_missed_last_has_strength_zero(tmp_path: Path) -> None:
    found = knowledge_grid.grid(pack(tmp_path), {"total": tried("total", 0.0)}, NOON)
    assert found
    assert found.rows[0].cells[0]
    assert found.rows[0].cells[0].strength == 0


def test_a_pack_without_concepts_has_no_grid(tmp_path: Path) -> None:
    assert knowledge_grid.grid(packs.pack(tmp_path), {}, NOON) is None


def test_an_overdue_question_is_due_today() -> None:
    bars = charts.ahead([tried("a", 1.0, -5), tried("b", 1.0, 0), tried("c", 1.0, 3)], NOON)
    assert [bar.n for bar in bars[:4]] == [2, 0, 0, 1]
    assert len(bars) == 14
    assert bars[0].height == charts.BAR


def test_the_calendar_shows_twelve_weeks_up_to_today() -> None:
    done = [
        Day("2026-11-21", 3, 90.0, ((0, 0.0),) * 3),
        Day("2020-01-01", 9, 30.0, ((0, 0.0),) * 3),
    ]
    found = charts.calendar(done, NOON)
    assert found.squares[-1].title == "Sat 21 Nov: 3 answers"
    assert 7 * 11 < len(found.squares) <= 7 * 12
    assert found.rows == (("Sat 21 Nov", 3, "2 min"),)
    assert found.spent == "2 min"


def test_calibration_shows_the_mean_grade_of_each_confidence() -> None:
    day = Day("2026-11-21", 5, 0.0, ((0, 0.0), (2, 1.0), (3, 3.0)))
    found = charts.calibration([day])
    assert [(one.title, one.n, one.mean) for one in found] == [
        ("Think so", 2, 50),
        ("Certain", 3, 100),
    ]
    assert charts.minutes(timedelta(hours=2, minutes=5).total_seconds()) == "2 h 5 min"
