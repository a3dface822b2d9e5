"""Aiken: one line each for a question, its lettered options and ANSWER. It has no feedback."""

import re
from dataclasses import dataclass, field

from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, Progress, Reader, Remark, UnmappedError
from quiz.exchange.texts import Identifiers, from_text
from quiz.questions import portable

OPTION = re.compile(r"([A-Z])[.)][ \t]*(.*)")
ANSWER = re.compile(r"(?:ANSWER:|(?i:ANSWER)\s*:(?=\s*[A-Za-z]\s*$))\s*(.*)")
LETTER = re.compile(r"([A-Za-z])(?![A-Za-z])(.*)")
MORE_LETTERS = re.compile(r"(?:\s*(?:,|;|&|\+|and|or)?\s*[A-Z])+\s*")
BROKEN_OFF = "Not imported: no line says its ANSWER."


@dataclass
class Draft:
    """A question whose ANSWER line has not been read yet."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Reading:
    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ids: Identifiers = field(default_factory=Identifiers)
    draft: Draft = field(default_factory=Draft)

    def take(self, place: int, line: str) -> None:
        if answer := ANSWER.fullmatch(line):
            self._finish(place, answer[1])
        elif option := OPTION.fullmatch(line):
            if self.draft.stem:
                self.draft.options.append((option[1], option[2]))
            else:
                self.remarks.append(Remark(place, "Left out: an option before any question."))
        else:
            if self.draft.options:
                self.remarks.append(Remark(self.draft.line, BROKEN_OFF))
                self.draft = Draft()
            self.draft.line = self.draft.line or place
            self.draft.stem.append(line)

    def _finish(self, place: int, answer: str) -> None:
        draft, self.draft = self.draft, Draft()
        try:
            self.items.append(self._item(draft, answer))
        except UnmappedError as error:
            self.remarks.append(Remark(draft.line or place, *error.remark))

    def _item(self, draft: Draft, answer: str) -> Item:
        if not draft.stem:
            raise UnmappedError("an answer before any question")
        letters = [letter for letter, _ in draft.options]
        right = _letter(answer)
        if len(letters) < 2:
            raise UnmappedError("it has fewer than two options")
        if len(set(letters)) < len(letters):
            raise UnmappedError("two of its options have the same letter")
        if right not in letters:
            raise UnmappedError("its ANSWER is not one of its options", right)
        options = (
            portable.Option(from_text(text), letter == right) for letter, text in draft.options
        )
        id = self.ids.new(" ".join(draft.stem))
        stem = from_text("\n".join(draft.stem))
        return Item(id, stem, portable.Options(tuple(options)), line=draft.line)


def _letter(answer: str) -> str:
    found = LETTER.match(" ".join(answer.split()))
    if not found:
        raise UnmappedError("its ANSWER is not a letter", answer.strip())
    if MORE_LETTERS.fullmatch(found[2]):
        raise UnmappedError("its ANSWER names several letters, and Aiken has one", answer.strip())
    return found[1].upper()


def read(text: str, progress: Progress) -> Found:
    reading = Reading()
    for place, line in enumerate(map(str.strip, text.split("\n")), start=1):
        # Moodle skips a line of one character, too.
        if len(line) > 1:
            reading.take(place, line)
            progress(place)
    if reading.draft.line:
        reading.remarks.append(Remark(reading.draft.line, BROKEN_OFF))
    return Found(reading.items, reading.remarks)


def knows(text: str) -> bool:
    lines = [line.strip() for line in text.split("\n")]
    return any(map(OPTION.fullmatch, lines)) and any(map(ANSWER.fullmatch, lines))


READER = Reader("Aiken", knows, read)
