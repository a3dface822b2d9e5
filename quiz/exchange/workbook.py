"""The first sheet of an Excel workbook (.xlsx) as CSV text for the table readers."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator

from quiz.errors import QuizError
from quiz.exchange.xml import Node, XmlError, walk

MAGIC = b"PK\x03\x04"
# Bytes of a part when unpacked: a small file may contain a huge part.
LARGEST = 64 * 1024 * 1024
COLUMNS, ROWS = 200, 100_000
SHEETS = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
PLACE = re.compile(r"([A-Z]{1,3})(\d+)")


def as_csv(content: bytes) -> str:
    """The CSV text. Raises QuizError if the file is not a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheets = sorted(filter(SHEETS.fullmatch, archive.namelist()), key=_place)
            if not sheets:
                raise QuizError("The file is a zip archive, but not an Excel workbook.")
            strings = _strings(_part(archive, "xl/sharedStrings.xml"))
            rows = list(_rows(_part(archive, sheets[0]), strings))
    except (zipfile.BadZipFile, XmlError, NotImplementedError, RuntimeError) as error:
        raise QuizError(f"The workbook cannot be read: {error}.") from None
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def _place(name: str) -> int:
    found = SHEETS.fullmatch(name)
    return int(found[1]) if found else 0


def _part(archive: zipfile.ZipFile, name: str) -> str:
    if name not in archive.namelist():
        return ""
    if archive.getinfo(name).file_size > LARGEST:
        raise QuizError(f"The workbook's {name} is larger than {LARGEST // 1024 // 1024} MB.")
    with archive.open(name) as opened:
        return opened.read(LARGEST).decode("utf-8-sig")


def _strings(text: str) -> list[str]:
    strings: list[str] = []
    if text:
        walk(text, "si", lambda node: strings.append("".join(_texts(node))))
    return strings


def _texts(node: Node) -> Iterator[str]:
    """The text, with all runs of a formatted text and without East Asian pronunciation."""
    for child in node.children:
        if child.tag == "t":
            yield child.text
        elif child.tag != "rPh":
            yield from _texts(child)


def _rows(text: str, strings: list[str]) -> Iterator[list[str]]:
    found: list[tuple[str, list[str]]] = []
    walk(text, "row", lambda row: found.append((row.attributes.get("r", ""), _cells(row, strings))))
    line = 0
    for place, cells in found:
        line += 1
        # The file omits rows without cells; line numbers must match those of the spreadsheet.
        while place.isdigit() and line < min(int(place), ROWS):
            line += 1
            yield []
        yield cells


def _cells(row: Node, strings: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.all("c"):
        place = PLACE.fullmatch(cell.attributes.get("r", ""))
        column = _number(place[1]) if place else len(cells)
        if column < COLUMNS:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _value(cell, strings)
    return cells


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: Node, strings: list[str]) -> str:
    kind, value = cell.attributes.get("t", "n"), cell.say("v")
    if kind == "inlineStr":
        inline = cell.first("is")
        return "".join(_texts(inline)) if inline else ""
    if kind == "b":
        return {"0": "False", "1": "True"}.get(value, value)
    if kind == "s" and value.isdigit() and int(value) < len(strings):
        return strings[int(value)]
    return value.removesuffix(".0") if kind == "n" else value
