"""Moodle XML as Moodle's importer reads it. What has no equivalent is reported by line."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from quiz.exchange import cloze, moodle
from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, Notes, Progress, Reader, Remark, UnmappedError
from quiz.exchange.html.markup import from_html
from quiz.exchange.html.own import OWN
from quiz.exchange.moodle import Answer, Text
from quiz.exchange.texts import Identifiers, in_line
from quiz.exchange.xml import Node, XmlError, walk
from quiz.questions import portable

FORMATS = {
    "html": "html",
    "moodle_auto_format": "moodle",
    "plain_text": "plain",
    "wiki_like": "plain",
    "markdown": "markdown",
}
# Atomic, because comments without a following <quiz> can be divided in very many ways.
ROOT = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*(?:(?><!--.*?-->)\s*)*+<quiz\b", re.DOTALL)
BOLD = "<strong>"
HREF = re.compile(r'href="([^"]*)"')
# The texts that Moodle itself writes.
STANDARD = (
    "",
    "Your answer is correct.",
    "Your answer is partially correct.",
    "Your answer is incorrect.",
)
GENERAL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
REASONS = {
    "essay": "an essay, and nothing here grades free text",
    "description": "a text without answers (a description)",
    "calculated": "its numbers are drawn at random",
    "calculatedsimple": "its numbers are drawn at random",
    "calculatedmulti": "its numbers are drawn at random",
}


@dataclass
class Reading:
    """The state of reading: what was read so far."""

    progress: Progress
    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ids: Identifiers = field(default_factory=Identifiers)
    topic: str = ""

    def question(self, node: Node) -> None:
        self.progress(node.line)
        kind = node.attributes.get("type", "")
        if kind == "category":
            self.topic = moodle.topic(node.say("category", "text"))
            return
        notes = Notes(node.line)
        try:
            self.items += self._items(node, kind, notes)
            self.remarks += notes.remarks
        except UnmappedError as error:
            self.remarks.append(Remark(node.line, *error.remark))

    def _items(self, node: Node, kind: str, notes: Notes) -> list[Item]:
        asked = _text(node.first("questiontext"), "html")
        if kind in ("cloze", "multianswer"):
            gaps = cloze.gaps(asked, notes)
            return [self._item(node, gap.stem, gap.form, notes) for gap in gaps]
        form = FORMS.get(kind)
        if form is None:
            raise UnmappedError(
                REASONS.get(kind, "a question type without an equivalent here"), kind
            )
        _note_general(node, notes)
        return [self._item(node, asked, form(node, asked.format, notes), notes)]

    def _item(self, node: Node, asked: Text, form: portable.Plain, notes: Notes) -> Item:
        stem, own = _own(asked)
        feedback, said = _own(_text(node.first("generalfeedback"), asked.format))
        shown = stem.block(notes)
        _note_files(node, notes)
        if not shown:
            raise UnmappedError("it asks nothing")
        tags = [tag.say("text") for tag in (node.first("tags") or node).all("tag")]
        name = node.say("idnumber").rpartition("/")[2] or node.say("name", "text")
        return Item(
            id=self.ids.new(name or shown),
            stem=shown,
            form=form,
            topic=self.topic,
            code=html.unescape(re.sub(r"<[^>]*>", "", own.get("code", ""))).strip("\n"),
            explanation=feedback.block(notes),
            rule=in_line(
                from_html(said.get("rule", "").removeprefix(BOLD).removesuffix("</strong>"))
            ),
            see=tuple(map(html.unescape, HREF.findall(said.get("see", "")))),
            tags=tuple(filter(None, tags)),
            line=node.line,
        )


def _own(text: Text) -> tuple[Text, dict[str, str]]:
    """The text without the parts that our export marked, and those parts by name."""
    parts = {found[2]: found[3] for found in OWN.finditer(text.text)}
    return Text(OWN.sub("", text.text), text.format), parts


def _text(node: Node | None, default: str) -> Text:
    if node is None:
        return Text("", default)
    name = node.attributes.get("format", "").strip()
    inner = node.first("text")
    if inner and inner.children:
        raise UnmappedError("its text has tags that are not in a CDATA section")
    return Text(inner.text.strip() if inner else "", FORMATS.get(name, "html") if name else default)


def _answers(node: Node, kind: str, answer_kind: str = "") -> list[Answer]:
    """The answers. `answer_kind` is their format if they are plain texts."""
    found: list[Answer] = []
    for answer in node.all("answer"):
        text = _text(answer, answer_kind or kind)
        if answer_kind:
            # In old files the answer is outside <text>.
            text = Text(text.text or answer.text.strip(), answer_kind)
        worth = answer.attributes.get("fraction") or answer.say("fraction") or "0"
        feedback = _text(answer.first("feedback"), kind)
        found.append(Answer(text, float(moodle.decimal(worth)), feedback))
    return found


def _is(node: Node, tag: str, default: bool) -> bool:
    found = node.first(tag)
    return default if found is None else found.text.strip() not in ("", "false", "0")


def _multichoice(node: Node, kind: str, notes: Notes) -> portable.Plain:
    single = _is(node, "single", True)
    shuffle = _is(node, "shuffleanswers", False)
    return moodle.options(_answers(node, kind), single, notes, shuffle)


def _truefalse(node: Node, kind: str, notes: Notes) -> portable.Plain:
    answers = _answers(node, kind, "plain")
    if len(answers) != 2:
        raise UnmappedError("it does not have one answer for true and one for false")
    names = [answer.text.text.lower() for answer in answers]
    if set(names) != {"true", "false"}:
        # In old files the words may be in another language; the first is true.
        names = ["true", "false"]
    by_name = dict(zip(names, answers, strict=True))
    on_true, on_false = by_name["true"], by_name["false"]
    if (on_true.worth >= moodle.FULL) == (on_false.worth >= moodle.FULL):
        raise UnmappedError("not just one of true and false is right")
    said = on_true.feedback.line(notes), on_false.feedback.line(notes)
    return moodle.true_or_false(on_true.worth >= moodle.FULL, *said)


def _shortanswer(node: Node, kind: str, notes: Notes) -> portable.Plain:
    if _is(node, "usecase", False):
        notes.add("capitals count in the file, and not here")
    return moodle.words(_answers(node, kind, "plain"), notes)


def _numerical(node: Node, kind: str, notes: Notes) -> portable.Plain:
    answers = _answers(node, kind, "plain")
    nodes = dict(zip(map(id, answers), node.all("answer"), strict=True))
    units = [unit for parent in node.all("units") for unit in parent.all("unit")]
    base = [unit.say("unit_name") for unit in units if unit.say("multiplier") in ("1", "1.0", "")]
    if len(units) > 1 or len(base) < len(units):
        notes.add("of several units only one is kept", next(iter(base), ""))

    def tolerance(answer: Answer) -> str:
        return nodes[id(answer)].say("tolerance")

    return moodle.number(answers, tolerance, notes, next(iter(base), ""))


def _matching(node: Node, kind: str, notes: Notes) -> portable.Plain:
    lines = [
        (_text(line, kind), Text(line.say("answer", "text"), "plain"))
        for line in node.all("subquestion")
    ]
    return moodle.pairs(lines, notes)


def _ordering(node: Node, kind: str, notes: Notes) -> portable.Plain:
    found = tuple(filter(None, (answer.text.line(notes) for answer in _answers(node, kind))))
    if len(found) < 2:
        raise UnmappedError("an ordering of fewer than two lines")
    return portable.Order(found)


FORMS: dict[str, Callable[[Node, str, Notes], portable.Plain]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
}


def _note_general(node: Node, notes: Notes) -> None:
    said = (re.sub(r"<[^>]*>", "", node.say(tag, "text")).strip() for tag in GENERAL)
    if node.first("hint") or any(text not in STANDARD for text in said):
        notes.add("feedback on all answers and hints are left out")


def _note_files(node: Node, notes: Notes) -> None:
    """Remarks on files, except images in texts, which have a remark already."""
    shown = " ".join(remark.about for remark in notes.remarks)
    names = [file.attributes.get("name", "") for file in _files(node)]
    for name in dict.fromkeys(names):
        if name and name not in shown:
            notes.add("a file is left out", name)


def _files(node: Node) -> Sequence[Node]:
    found = list(node.all("file"))
    for child in node.children:
        found += _files(child)
    return found


def read(text: str, progress: Progress) -> Found:
    reading = Reading(progress)
    broken: list[Remark] = []
    try:
        walk(text, "question", reading.question)
    except XmlError as error:
        broken = [Remark(error.line, f"Nothing from here on is imported: {error}.")]
    return Found(reading.items, [*reading.remarks, *broken])


def knows(text: str) -> bool:
    return bool(ROOT.match(text))


READER = Reader("Moodle XML", knows, read)
