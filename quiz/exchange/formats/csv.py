"""CSV with one row per question, for spreadsheets. A cell with several texts has one per line."""

import csv
import io
from collections import Counter

from quiz.exchange.columns import ARROW, COLUMNS, guarded, joined
from quiz.exchange.export_document import Format, Item, Sheet, other_orders
from quiz.kinds.number.numeral import written
from quiz.questions import portable

# With a byte order mark, without which spreadsheets misread UTF-8.
ENCODING = "utf-8-sig"
KINDS = {
    portable.Options: "choice",
    portable.Order: "ordering",
    portable.Number: "number",
    portable.Words: "text",
    portable.Pairs: "match",
}


def write(sheet: Sheet) -> bytes:
    file = io.StringIO(newline="")
    rows = csv.DictWriter(file, COLUMNS)
    rows.writeheader()
    for item in sheet.mapped:
        rows.writerow({name: guarded(text) for name, text in _row(item).items()})
    return file.getvalue().encode(ENCODING)


def _row(item: Item) -> dict[str, str]:
    assert item.form
    return {
        "id": item.id,
        "topic": item.topic,
        "kind": KINDS[type(item.form)],
        "difficulty": str(item.difficulty or ""),
        "question": item.stem,
        "code": item.code,
        **_answer(item.form),
        "explanation": item.explanation,
        "rule": item.rule,
        "see": "\n".join(item.see),
        "tags": " ".join(item.tags),
        "link": item.href,
    }


def _answer(form: portable.Plain) -> dict[str, str]:
    match form:
        case portable.Options():
            return _options(form)
        case portable.Order(lines):
            return {"right": joined(lines)}
        case portable.Number(value, tolerance, unit):
            return {"right": written(value), "tolerance": written(tolerance), "unit": unit}
        case portable.Words(accepted):
            return {"right": joined(accepted)}
        case portable.Pairs(pairs, others):
            return {"right": joined(map(_pair, pairs)), "wrong": joined(others)}


def _options(form: portable.Options) -> dict[str, str]:
    placed = [*enumerate(form.options, start=1)]
    found = sorted(placed, key=lambda option: not option[1].right)
    right = [option.text for _, option in found if option.right]
    return {
        "right": joined(right),
        "wrong": joined(option.text for _, option in found if not option.right),
        "why": joined(option.why for _, option in found),
        "multiple": "yes" if form.multiple and len(right) == 1 else "",
        "shuffle": "" if form.shuffle else "no",
        "order": "" if found == placed else " ".join(str(place) for place, _ in found),
    }


def _pair(pair: tuple[str, str]) -> str:
    return ARROW.join((pair[0].replace(ARROW.strip(), "→"), pair[1]))


def left_out(sheet: Sheet) -> list[str]:
    kinds = Counter(
        (item.kind, KINDS[type(item.form)])
        for item in sheet.mapped
        if item.form and item.kind != KINDS[type(item.form)]
    )
    said = [
        f"Written as kind {written}: {n} of kind {kind}, which a row of cells cannot hold."
        for (kind, written), n in sorted(kinds.items())
    ]
    return [*said, *other_orders(sheet)]


FORMAT = Format(
    "CSV",
    "csv",
    "text/csv; charset=utf-8",
    "one row per question, for a spreadsheet",
    write=write,
    left_out=left_out,
)
