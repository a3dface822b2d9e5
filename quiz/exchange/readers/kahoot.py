"""Kahoot's spreadsheet of questions: the template that Kahoot imports, filled in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, Notes, Progress, Reader, Remark, UnmappedError
from quiz.exchange.table import rows
from quiz.exchange.texts import Identifiers, from_text
from quiz.questions import portable

# The template has a few lines of explanation above its header.
HEAD_WITHIN = 20
QUESTION = re.compile(r"question\b(?!.*\btype\b)", re.IGNORECASE)
ANSWER = re.compile(r"answer (\d)\b", re.IGNORECASE)
CORRECT = re.compile(r"correct answer", re.IGNORECASE)
TIME = re.compile(r"time limit", re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    question: int
    answers: dict[int, int]
    correct: int
    time: int | None


@dataclass
class Reading:
    columns: Columns
    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ids: Identifiers = field(default_factory=Identifiers)

    def row(self, line: int, row: Sequence[str]) -> None:
        asked = _cell(row, self.columns.question)
        if not asked and not any(_cell(row, at) for at in self.columns.answers.values()):
            return
        notes = Notes(line)
        try:
            self.items.append(self._item(asked, row, notes))
            self.remarks += notes.remarks
        except UnmappedError as error:
            self.remarks.append(Remark(line, *error.remark))

    def _item(self, asked: str, row: Sequence[str], notes: Notes) -> Item:
        if not asked:
            raise UnmappedError("there is no question")
        texts = {n: _cell(row, at) for n, at in self.columns.answers.items() if _cell(row, at)}
        right = {int(n) for n in re.findall(r"[0-9]+", _whole(_cell(row, self.columns.correct)))}
        if len(texts) < 2 or not right:
            raise UnmappedError("it has fewer than two answers, or none of them is correct")
        if not right <= set(texts):
            raise UnmappedError("an answer that is empty is marked as correct")
        if len(right) > 1:
            notes.add("any one of the right options is enough in the file; here all must be chosen")
        if self.columns.time is not None and _cell(row, self.columns.time):
            notes.add("the time limit is left out")
        options = tuple(portable.Option(from_text(text), n in right) for n, text in texts.items())
        form = portable.Options(options, multiple=len(right) > 1)
        return Item(self.ids.new(asked), from_text(asked), form, line=notes.line)


def read(text: str, progress: Progress) -> Found:
    table = rows(text, _score, HEAD_WITHIN)
    reading: Reading | None = None
    for line, row in table:
        progress(line)
        if reading:
            reading.row(line, row)
        elif columns := _columns(row):
            reading = Reading(columns)
    if not reading:
        return Found(
            (), (Remark(0, "there is no row with Question, Answer 1 and Correct answer."),)
        )
    broken = [table.broken] if table.broken else []
    return Found(reading.items, [*reading.remarks, *broken])


def _columns(row: Sequence[str]) -> Columns | None:
    question = [at for at, cell in enumerate(row) if QUESTION.match(cell.strip())]
    correct = [at for at, cell in enumerate(row) if CORRECT.match(cell.strip())]
    time = [at for at, cell in enumerate(row) if TIME.match(cell.strip())]
    named = ((ANSWER.match(cell.strip()), at) for at, cell in enumerate(row))
    answers = {int(found[1]): at for found, at in named if found}
    if not question or not correct or 1 not in answers:
        return None
    return Columns(question[0], answers, correct[0], time[0] if time else None)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _whole(text: str) -> str:
    """A cell as a whole number: spreadsheets store 2 as 2.0."""
    return re.sub(r"\.0+\b", "", text)


def _score(row: Sequence[str]) -> int:
    return len(row) if _columns(row) else 0


def knows(text: str) -> bool:
    found = rows(text, _score, HEAD_WITHIN)
    return any(_columns(row) for _, row in islice(found, HEAD_WITHIN))


READER = Reader("Kahoot", knows, read)
