"""Anki's text export of notes: a front that asks and a back that can be typed."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from quiz import markdown
from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, Notes, Progress, Reader, Remark, UnmappedError
from quiz.exchange.html.markup import from_html
from quiz.exchange.table import UNCLOSED, is_open
from quiz.exchange.texts import Identifiers, from_text
from quiz.questions import portable

HEADER = re.compile(r"#([a-z]+(?: [a-z]+)?):(.*)")
KNOWN = ("separator", "html", "notetype", "deck", "tags", "columns", "if matches", "guid")
SEPARATORS = dict(
    zip(("comma", "semicolon", "tab", "space", "pipe", "colon"), ",;\t |:", strict=True)
)
DELETION = re.compile(r"\{\{c(\d+)::([^}]*(?:\}(?!\})[^}]*)*)\}\}")
SOUND = re.compile(r"\[sound:([^\]]*)\]")
# The longest back that a learner can be asked to type.
LONGEST = 80
GAP = "_____"


@dataclass
class Head:
    """The # lines at the start of a file."""

    sign: str = "\t"
    html: bool = False
    deck: str = ""
    tags: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)

    def take(self, name: str, value: str) -> None:
        if name == "separator":
            self.sign = SEPARATORS.get(value.strip().lower(), value[:1] or "\t")
        elif name == "html":
            self.html = value.strip().lower() == "true"
        elif name == "deck":
            self.deck = value.strip()
        elif name == "tags":
            self.tags = tuple(value.split())
        elif name.endswith(" column") and value.strip().isdigit():
            self.columns[name.removesuffix(" column")] = int(value) - 1


@dataclass
class Reading:
    head: Head
    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ids: Identifiers = field(default_factory=Identifiers)

    def row(self, line: int, row: Sequence[str]) -> None:
        named = {name: row[at] for name, at in self.head.columns.items() if at < len(row)}
        meta = set(self.head.columns.values())
        fields = [cell for at, cell in enumerate(row) if at not in meta]
        notes = Notes(line)
        try:
            if not fields or not fields[0].strip():
                raise UnmappedError("there is no front")
            self.items += self._cards(fields, named, notes)
            self.remarks += notes.remarks
        except UnmappedError as error:
            self.remarks.append(Remark(line, *error.remark))

    def _cards(self, fields: Sequence[str], named: dict[str, str], notes: Notes) -> list[Item]:
        front, back = fields[0], fields[1] if len(fields) > 1 else ""
        deck = (named.get("deck") or self.head.deck).rpartition("::")[2]
        tags = (*self.head.tags, *named.get("tags", "").split())
        if any(cell.strip() for cell in fields[2:]):
            notes.add("fields after the second are left out")
        cards = list(_deletions(front)) or [(front, back)]
        after = self._shown(back, notes) if DELETION.search(front) else ""
        return [
            Item(
                self.ids.new(markdown.plain(self._shown(asked, Notes(0)))),
                self._shown(asked, notes),
                portable.Words((self._word(answer, notes),)),
                topic=deck,
                explanation=after,
                tags=tags,
                line=notes.line,
            )
            for asked, answer in cards
        ]

    def _shown(self, text: str, notes: Notes) -> str:
        if sounds := SOUND.findall(text):
            notes.add("a sound is left out", sounds[0])
        text = SOUND.sub("", text)
        return from_html(text, notes.add) if self.head.html else from_text(text)

    def _word(self, text: str, notes: Notes) -> str:
        shown = self._shown(text, notes)
        word = markdown.plain(shown)
        if not word:
            raise UnmappedError("there is no back")
        if "\n" in shown.strip() or len(word) > LONGEST:
            raise UnmappedError(f"its back is not one line of at most {LONGEST} characters to type")
        return word


def _deletions(text: str) -> Iterator[tuple[str, str]]:
    """A card per number of a cloze note. The other gaps are filled, as in Anki."""
    for number in dict.fromkeys(found[1] for found in DELETION.finditer(text)):
        gaps = [found for found in DELETION.finditer(text) if found[1] == number]
        answers = dict.fromkeys(gap[2].partition("::")[0].strip() for gap in gaps)
        if len(answers) > 1:
            raise UnmappedError("one of its cards has several gaps")
        yield DELETION.sub(partial(_gap, number), text), next(iter(answers))


def _gap(number: str, found: re.Match[str]) -> str:
    answer, _, hint = found[2].partition("::")
    if found[1] != number:
        return answer
    return f"{GAP} ({hint})" if hint else GAP


def read(text: str, progress: Progress) -> Found:
    head, skipped, rest = Head(), 0, text
    while found := HEADER.match(rest):
        head.take(found[1], found[2])
        skipped, rest = skipped + 1, rest[found.end() + 1 :]
    reading = Reading(head)
    rows = csv.reader(io.StringIO(rest, newline=""), delimiter=head.sign)
    source = rest.split("\n")
    line, last = skipped + 1, len(source) - 1
    try:
        for row in rows:
            progress(line)
            if rows.line_num >= last and is_open(
                "\n".join(source[line - skipped - 1 :]), head.sign
            ):
                reading.remarks.append(Remark(line, UNCLOSED))
                break
            if any(cell.strip() for cell in row):
                reading.row(line, row)
            line = skipped + rows.line_num + 1
    except csv.Error as error:
        reading.remarks.append(Remark(line, f"Nothing from here on is imported: {error}."))
    return Found(reading.items, reading.remarks)


def knows(text: str) -> bool:
    found = HEADER.match(text)
    return found is not None and found[1].removesuffix(" column") in KNOWN


READER = Reader("Anki", knows, read)
