"""GIFT as Moodle's importer reads it. Questions without an equivalent are reported by line.

Our own code, because no maintained library reads GIFT with line numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quiz.exchange import moodle
from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, Notes, Progress, Reader, Remark, UnmappedError
from quiz.exchange.moodle import Answer, Text
from quiz.exchange.texts import Identifiers
from quiz.questions import portable

SIGNS = "~=#{}:\\\n"
# Stand-ins for escaped signs during reading: characters that no text contains.
HIDDEN = {sign: chr(0xFDD0 + place) for place, sign in enumerate(SIGNS)}
SHOWN = {ord(hidden): sign for sign, hidden in HIDDEN.items()}
ESCAPE = re.compile(r"\\([~=#{}:\\n])")
CATEGORY = re.compile(r"\$CATEGORY:(.*)")
NAME = re.compile(r"::(.*?)::(.*)", re.DOTALL)
PREFIX = re.compile(r"\[(html|moodle|plain|markdown)\]")
WEIGHT = re.compile(r"%(-?[0-9]+(?:\.[0-9]*)?)%(.*)", re.DOTALL)
NOTE = re.compile(r"\[(id|tag):((?:\\\]|[^\]])*)\]")
ORDERING = re.compile(r">\s*[0-9]+[^\n]*\n(.*)", re.DOTALL)
ORDERING_TAG = "kind-ordering"
TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
GAP = "_____"
ESCAPED_GAP = r"\_" * len(GAP)
# The start of answers, which differs from other text in braces, such as code or JSON.
TELLING = re.compile(r"(?<!\\)\{\s*(?:[=~]|#\s*[-+.=0-9%*]|>\s*[0-9]|(?:T|F|TRUE|FALSE)\s*[#}])")
CALLED = re.compile(r"^(?:\$CATEGORY:|::.*?::)", re.MULTILINE)


@dataclass
class Block:
    """Consecutive lines without an empty line: a question or a category."""

    line: int
    text: str
    notes: list[tuple[str, str]] = field(default_factory=list)

    def noted(self, key: str) -> list[str]:
        return [text for found, text in self.notes if found == key]


@dataclass
class Reading:
    """The state of reading: what was read so far."""

    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ids: Identifiers = field(default_factory=Identifiers)
    topic: str = ""

    def block(self, block: Block) -> None:
        text = block.text
        if found := CATEGORY.match(text):
            self.topic = moodle.topic(found[1])
            text = text[found.end() :].strip()
        notes = Notes(block.line)
        try:
            if text:
                self.items.append(self._question(block, _hidden(text), notes))
                self.remarks += notes.remarks
        except UnmappedError as error:
            self.remarks.append(Remark(block.line, *error.remark))

    def _question(self, block: Block, rest: str, notes: Notes) -> Item:
        name = ""
        if named := NAME.match(rest):
            name, rest = _shown(named[1]).strip(), named[2]
        stem, answers = _parts(rest.removeprefix("::").strip())
        kind = _text(stem, "moodle").format
        answers, feedback = _feedback(answers)
        tags = block.noted("tag")
        form = _form(answers, kind, ORDERING_TAG in tags, notes)
        asked = _text(stem, "moodle").block(notes).replace(ESCAPED_GAP, GAP)
        # An empty line within a question can leave a lone brace or tag.
        if not (any(map(str.isalnum, asked)) or (asked and kind == moodle.MARKDOWN)):
            raise UnmappedError("it asks nothing")
        return Item(
            id=self.ids.new(next(iter(block.noted("id")), name) or asked),
            stem=asked,
            form=form,
            topic=self.topic,
            explanation=_text(feedback, kind).block(notes),
            tags=tuple(tag for tag in tags if tag != ORDERING_TAG),
            line=block.line,
        )


def read(text: str, progress: Progress) -> Found:
    reading = Reading()
    for block in _blocks(text):
        progress(block.line)
        reading.block(block)
    return Found(reading.items, reading.remarks)


def _blocks(text: str) -> Iterator[Block]:
    notes: list[tuple[str, str]] = []
    kept: list[str] = []
    first = 0
    for place, line in enumerate([*text.translate(dict.fromkeys(SHOWN)).split("\n"), ""], start=1):
        if line.strip().startswith("//"):
            notes += ((key, _unbracketed(said)) for key, said in NOTE.findall(line))
        elif line.strip():
            first = first or place
            kept.append(line)
        else:
            if kept:
                yield Block(first, "\n".join(kept).strip(), notes)
            notes, kept, first = [], [], 0


def _unbracketed(text: str) -> str:
    return str(text).replace("\\]", "]").strip()


def _hidden(text: str) -> str:
    return ESCAPE.sub(lambda found: HIDDEN["\n" if found[1] == "n" else found[1]], text)


def _shown(text: str) -> str:
    return text.translate(SHOWN)


def _parts(text: str) -> tuple[str, str]:
    """The stem and the content of the braces; a gap marks answers with text after them."""
    stem, opened, rest = text.partition("{")
    answers, closed, tail = rest.partition("}")
    if not opened and "}" not in stem:
        raise UnmappedError("a text without answers (a description)")
    if not closed or "}" in stem:
        raise UnmappedError("its braces do not match, or an empty line stands between them")
    if "{" in tail or "}" in tail:
        # Moodle would show the answers of a second gap as text.
        raise UnmappedError(
            r"more braces follow its answers; write \{ and \} for braces in the text"
        )
    return f"{stem}{GAP}{tail}" if tail.strip() else stem, answers.strip()


def _feedback(answers: str) -> tuple[str, str]:
    """The content of the braces without, and the general feedback after the last ####."""
    before, sign, after = answers.rpartition("####")
    return (before.strip(), after) if sign else (answers, "")


def _form(text: str, kind: str, is_ordering: bool, notes: Notes) -> portable.Plain:
    """The form of the answers, by Moodle's rules."""
    if not text:
        raise UnmappedError("an essay, and nothing here grades free text")
    if text.startswith("#"):
        return _number(text[1:], kind, notes)
    if ordering := ORDERING.match(text):
        return _ordering(ordering[1], kind, notes)
    if "~" in text:
        return moodle.options(_answers(text, kind, "~", 0.0), "=" in text, notes)
    if "=" in text and "->" in text:
        return _pairs(text, kind, is_ordering, notes)
    truth, *feedback = text.split("#", 2)
    if truth.strip() in TRUTH:
        said = [_text(each, kind).line(notes) for each in (*feedback, "", "")]
        is_true = TRUTH[truth.strip()]
        on_true, on_false = (said[1], said[0]) if is_true else (said[0], said[1])
        return moodle.true_or_false(is_true, on_true, on_false)
    return moodle.words(_answers(text, kind, "="), notes)


def _pieces(text: str, first: str = "=") -> list[tuple[str, str]]:
    """Each answer with its sign. An answer before any sign gets the sign `first`."""
    found = re.split(r"([~=])", text)
    pairs = [(first, found[0]), *zip(found[1::2], found[2::2], strict=True)]
    return [(sign, said.strip()) for sign, said in pairs if said.strip()]


def _answers(text: str, kind: str, weighed: str, other: float = moodle.FULL) -> list[Answer]:
    """The answers. A weight may follow the sign `weighed`; `other` is the default weight."""
    found: list[Answer] = []
    for sign, said in _pieces(text, first=weighed):
        weight = WEIGHT.match(said) if sign == weighed else None
        worth = other if sign == weighed else moodle.FULL
        if weight:
            worth = float(weight[1])
        answer, _, feedback = (weight[2] if weight else said).partition("#")
        found.append(Answer(_text(answer, kind), worth, _text(feedback, kind)))
    return found


def _number(text: str, kind: str, notes: Notes) -> portable.Number:
    right, wrong, feedback = text.partition("~")
    answers = _answers(right, kind, "=")
    if wrong and feedback.strip(" \n#"):
        answers.append(Answer(Text("*"), 0.0, Text(feedback)))
    ranges = [Answer(Text(_middle(a.text.text)), a.worth, a.feedback) for a in answers]
    margins = {id(new): _margin(old.text.text) for new, old in zip(ranges, answers, strict=True)}
    return moodle.number(ranges, lambda answer: margins[id(answer)], notes)


def _ends(text: str) -> tuple[str, str] | None:
    low, dots, high = text.partition("..")
    return (low, high) if dots and low.strip() else None


def _middle(text: str) -> str:
    if ends := _ends(text):
        return str((moodle.decimal(ends[0]) + moodle.decimal(ends[1])) / 2)
    return text.partition(":")[0]


def _margin(text: str) -> str:
    if ends := _ends(text):
        return str((moodle.decimal(ends[1]) - moodle.decimal(ends[0])) / 2)
    return text.partition(":")[2].strip()


def _pairs(text: str, kind: str, is_ordering: bool, notes: Notes) -> portable.Plain:
    split = [said.partition("->") for _, said in _pieces(text)]
    if not all(arrow for _, arrow, _ in split):
        raise UnmappedError("a line of its matching has no arrow")
    found = moodle.pairs([(_text(a, kind), _text(b, kind)) for a, _, b in split], notes)
    places = [str(place) for place, _ in enumerate(found.pairs, start=1)]
    # Only in files of this app: elsewhere numbers are ordinary lines.
    if is_ordering and [line for line, _ in found.pairs] == places:
        return portable.Order(tuple(belongs for _, belongs in found.pairs))
    return found


def _ordering(lines: str, kind: str, notes: Notes) -> portable.Order:
    found = tuple(_text(line, kind).line(notes) for line in lines.split("\n") if line.strip())
    if len(found) < 2:
        raise UnmappedError("an ordering of fewer than two lines")
    return portable.Order(found)


def _text(text: str, kind: str) -> Text:
    """A text in the format of its prefix, else in the format of the question."""
    text = text.strip()
    if found := PREFIX.match(text):
        kind, text = found[1], text[found.end() :]
    return Text(_shown(text).strip(), kind)


def knows(text: str) -> bool:
    if TELLING.search(text):
        return True
    return bool(CALLED.search(text)) and "{" in text and "}" in text


READER = Reader("GIFT", knows, read)
