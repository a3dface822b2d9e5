"""CSV: a row a question, for spreadsheets. Cells with several lines have one thing a line.

The columns are told in docs/exchange.md. A cell that a spreadsheet would take for a formula gets an
apostrophe before it, which is taken away when it is read.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from quiz import plain
from quiz.exchange.sheet import Format, Found, Item, Remark, Sheet, UnmappedError
from quiz.exchange.texts import identifier
from quiz.question import number

COLUMNS = (
    "id",
    "topic",
    "kind",
    "difficulty",
    "question",
    "code",
    "right",
    "wrong",
    "why",
    "tolerance",
    "unit",
    "explanation",
    "rule",
    "tags",
    "link",
)
NEEDED = ("question", "right")
FORMULA = tuple("=+-@\t\r")
ARROW = " -> "
# A byte order mark: without it spreadsheets take UTF-8 for something else.
ENCODING = "utf-8-sig"


def write(sheet: Sheet) -> bytes:
    file = io.StringIO(newline="")
    rows = csv.DictWriter(file, COLUMNS)
    rows.writeheader()
    for item in sheet.mapped:
        rows.writerow({name: guarded(text) for name, text in _row(item).items()})
    return file.getvalue().encode(ENCODING)


def _row(item: Item) -> dict[str, str]:
    return {
        "id": item.id,
        "topic": item.topic,
        "kind": item.kind,
        "difficulty": str(item.difficulty or ""),
        "question": item.stem,
        "code": item.code,
        **_answer(item.form),
        "explanation": item.explanation,
        "rule": item.rule,
        "tags": " ".join(item.tags),
        "link": item.href,
    }


def _answer(form: plain.Plain | None) -> dict[str, str]:
    match form:
        case plain.Options(options):
            right = [option for option in options if option.right]
            wrong = [option for option in options if not option.right]
            return {
                "right": _lines(option.text for option in right),
                "wrong": _lines(option.text for option in wrong),
                "why": _lines(option.why for option in (*right, *wrong)),
            }
        case plain.Order(lines):
            return {"right": _lines(lines)}
        case plain.Number(value, tolerance, unit):
            return {"right": number(value), "tolerance": number(tolerance), "unit": unit}
        case plain.Words(accepted):
            return {"right": _lines(accepted)}
        case plain.Pairs(pairs, others):
            return {"right": _lines(ARROW.join(pair) for pair in pairs), "wrong": _lines(others)}
    return {}


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts)


def guarded(text: str) -> str:
    """What already begins with an apostrophe before a sign gets another, so that none is lost."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA)
    return text[1:] if is_guarded else text


def read(text: str) -> Found:
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    # Where a comma is the decimal sign, spreadsheets write semicolons.
    rows = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    try:
        names = [name.strip().lower() for name in rows.fieldnames or ()]
    except csv.Error as error:
        return Found((), (Remark(1, f"nothing is mapped: {error}."),))
    rows.fieldnames = names
    if missing := [name for name in NEEDED if name not in names]:
        reason = (
            f"there is no column {' and no column '.join(missing)}; there are: {', '.join(names)}"
        )
        return Found((), (Remark(1, f"not mapped: {reason}."),))
    items: list[Item] = []
    remarks = [
        Remark(1, f"the column {name} is left out.") for name in names if name not in COLUMNS
    ]
    before = rows.line_num
    while True:
        line = before + 1
        try:
            if (row := next(rows, None)) is None:
                break
            before = rows.line_num
            cells = {name: unguarded(row.get(name) or "").strip() for name in COLUMNS}
            items.append(_item(cells, line, items))
        except UnmappedError as error:
            remarks.append(Remark(line, f"not mapped: {error}."))
        except csv.Error as error:
            remarks.append(Remark(line, f"nothing from here on is mapped: {error}."))
            break
    return Found(items, remarks)


def _item(cells: dict[str, str], line: int, before: Sequence[Item]) -> Item:
    if not cells["question"]:
        raise UnmappedError("there is no question")
    difficulty = cells["difficulty"]
    return Item(
        id=identifier(cells["id"] or cells["question"], (item.id for item in before)),
        stem=cells["question"],
        form=_form(cells),
        topic=cells["topic"],
        code=cells["code"],
        explanation=cells["explanation"],
        rule=cells["rule"],
        tags=tuple(cells["tags"].split()),
        difficulty=int(difficulty) if difficulty in ("1", "2", "3") else None,
        line=line,
    )


def _form(cells: dict[str, str]) -> plain.Plain:
    """Without a kind: a choice where something is wrong, else words."""
    right, wrong = _split(cells["right"]), _split(cells["wrong"])
    if not right:
        raise UnmappedError("nothing is right")
    match cells["kind"] or ("choice" if wrong else "text"):
        case "choice":
            return _options(right, wrong, cells["why"].splitlines())
        case "ordering" if len(right) > 1:
            return plain.Order(tuple(right))
        case "number":
            value, tolerance = (_number(cells[name] or "0") for name in ("right", "tolerance"))
            return plain.Number(value, abs(tolerance), cells["unit"])
        case "text":
            return plain.Words(tuple(right))
        case "match":
            pairs = [pair.partition(ARROW.strip()) for pair in right]
            if len(pairs) > 1 and all(arrow for _, arrow, _ in pairs):
                found = ((item.strip(), belongs.strip()) for item, _, belongs in pairs)
                return plain.Pairs(tuple(found), tuple(wrong))
    raise UnmappedError(f"a {cells['kind']} cannot be made of what stands there")


def _options(right: Sequence[str], wrong: Sequence[str], why: Sequence[str]) -> plain.Options:
    texts = [(text, True) for text in right] + [(text, False) for text in wrong]
    if len(texts) < 2:
        raise UnmappedError("a choice needs two options")
    reasons = [*why, *[""] * len(texts)]
    options = (
        plain.Option(text, is_right, reason.strip())
        for (text, is_right), reason in zip(texts, reasons, strict=False)
    )
    return plain.Options(tuple(options), multiple=len(right) > 1)


def _split(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise UnmappedError(f"{text!r} is no number") from None


FORMAT = Format(
    "CSV",
    "csv",
    "text/csv; charset=utf-8",
    "a row a question, for a spreadsheet",
    write=write,
    read=read,
)
