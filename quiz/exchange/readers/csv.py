"""CSV with one question per row, in the columns that docs/exchange.md lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from quiz.exchange.columns import ARROW, COLUMNS, NEEDED, lines, unguarded
from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, Progress, Reader, Remark, UnmappedError
from quiz.exchange.table import rows
from quiz.exchange.texts import Identifiers
from quiz.kinds.number.numeral import AMBIGUOUS, typed
from quiz.questions import portable

YES, NO = ("yes", "true", "1", "x"), ("no", "false", "0")

# Kinds that older exports wrote.
FORMER = {"line": "choice", "predict": "choice", "cloze": "text"}


@dataclass
class Reading:
    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ids: Identifiers = field(default_factory=Identifiers)

    def row(self, line: int, names: Sequence[str], row: Sequence[str]) -> None:
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            self.remarks.append(Remark(line, "cells beyond the last column are left out."))
        found = dict(zip(names, row, strict=False))
        cells = {name: unguarded(found.get(name, "")) for name in COLUMNS}
        # In these columns an empty line, or a blank at the start of a line, has a meaning.
        cells = {k: cell.strip() if k not in ("why", "code") else cell for k, cell in cells.items()}
        try:
            item = self._item(cells, line)
            self.items.append(item)
            if cells["wrong"] and isinstance(
                item.form, portable.Words | portable.Number | portable.Order
            ):
                text = "wrong answers beside a word, a number or an order are left out."
                self.remarks.append(Remark(line, text, " ".join(cells["wrong"].split())))
        except UnmappedError as error:
            self.remarks.append(Remark(line, *error.remark))

    def _item(self, cells: dict[str, str], line: int) -> Item:
        if not cells["question"]:
            raise UnmappedError("there is no question")
        form = _form(cells)
        difficulty = cells["difficulty"]
        if difficulty and difficulty not in ("1", "2", "3"):
            self.remarks.append(Remark(line, "the difficulty is not 1, 2 or 3.", difficulty))
        return Item(
            id=self.ids.new(cells["id"] or cells["question"]),
            stem=cells["question"],
            form=form,
            topic=cells["topic"],
            code=cells["code"].strip("\n").rstrip(),
            explanation=cells["explanation"],
            rule=cells["rule"],
            see=tuple(cells["see"].split()),
            tags=tuple(cells["tags"].split()),
            difficulty=int(difficulty) if difficulty in ("1", "2", "3") else None,
            line=line,
        )


def read(text: str, progress: Progress) -> Found:
    table = rows(text, _score)
    reading = Reading()
    names: list[str] = []
    for line, row in table:
        if names:
            progress(line)
            if any(cell.strip() for cell in row):
                reading.row(line, names, row)
            continue
        names = _names(row)
        if missing := [name for name in NEEDED if name not in names]:
            about = f"the columns are: {', '.join(names)}"
            return Found((), (Remark(line, f"there is no column {missing[0]}.", about),))
        reading.remarks += (
            Remark(line, "of columns with the same name only the last is read.", name)
            for name in COLUMNS
            if names.count(name) > 1
        )
        reading.remarks += (
            Remark(line, "a column that is not known is left out.", name)
            for name in names
            if name and name not in COLUMNS
        )
    if table.broken:
        reading.remarks.append(table.broken)
    return Found(reading.items, reading.remarks)


def _names(row: Sequence[str]) -> list[str]:
    return [name.strip().lower() for name in row]


def _score(row: Sequence[str]) -> int:
    return sum(name in COLUMNS for name in _names(row))


def knows(text: str) -> bool:
    head = next((row for _, row in rows(text, _score)), [])
    return set(NEEDED) <= set(_names(head))


def _form(cells: dict[str, str]) -> portable.Plain:
    """The form of a row without a kind: a choice if it has wrong answers, else words."""
    right, wrong = lines(cells["right"]), lines(cells["wrong"])
    if not right:
        raise UnmappedError("nothing is right")
    kind = cells["kind"].lower()
    match FORMER.get(kind, kind) or ("choice" if wrong else "text"):
        case "choice":
            return _options(right, wrong, cells)
        case "ordering" if len(right) > 1:
            return portable.Order(tuple(right))
        case "number":
            value, tolerance = (_number(cells[name] or "0") for name in ("right", "tolerance"))
            return portable.Number(value, abs(tolerance), cells["unit"])
        case "text":
            return portable.Words(tuple(right))
        case "match":
            pairs = [pair.partition(ARROW.strip()) for pair in right]
            if len(pairs) > 1 and all(arrow for _, arrow, _ in pairs):
                found = ((item.strip(), belongs.strip()) for item, _, belongs in pairs)
                return portable.Pairs(tuple(found), tuple(wrong))
    raise UnmappedError("its kind does not fit what is right", cells["kind"])


def _options(right: Sequence[str], wrong: Sequence[str], cells: dict[str, str]) -> portable.Options:
    texts = [(text, True) for text in right] + [(text, False) for text in wrong]
    if len(texts) < 2:
        raise UnmappedError("a choice needs two options")
    reasons = [*lines(cells["why"], with_empty=True), *[""] * len(texts)]
    found = [
        portable.Option(text, is_right, reason)
        for (text, is_right), reason in zip(texts, reasons, strict=False)
    ]
    multiple = len(right) > 1 or cells["multiple"].lower() in YES
    return portable.Options(
        _ordered(found, cells["order"]), multiple, cells["shuffle"].lower() not in NO
    )


def _ordered(options: list[portable.Option], order: str) -> tuple[portable.Option, ...]:
    """The place of each option, right ones first; file order if the row gives no order."""
    places = [int(place) for place in order.split() if place.isdigit()]
    if sorted(places) != list(range(1, len(options) + 1)):
        return tuple(options)
    by_place = dict(zip(places, options, strict=True))
    return tuple(by_place[place] for place in sorted(by_place))


def _number(text: str) -> float:
    """A number. A comma is a decimal comma, unless it can also separate thousands."""
    if AMBIGUOUS.fullmatch(text):
        raise UnmappedError(
            "its number has a comma that may group thousands; write 1000 or 1.5", text
        )
    found = typed(text, commas_group=False)
    if not found or found[1]:
        raise UnmappedError("its answer or tolerance is not a number", repr(text))
    return found[0]


READER = Reader("CSV", knows, read)
