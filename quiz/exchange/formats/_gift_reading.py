"""GIFT as questions. What does not map is told by line; nothing is guessed.

Own, for no library that is kept reads it: of the two on the index one is of 2017 and gives no
lines, one of 2022 and stops at what it does not know.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quiz import plain
from quiz.exchange.sheet import Found, Item, Remark, UnmappedError
from quiz.exchange.texts import from_html, from_text, identifier

SIGNS = "~=#{}:\\\n"
# An escaped sign while what is left of the signs is looked at: characters that no text has.
HIDDEN = {sign: chr(0xFDD0 + place) for place, sign in enumerate(SIGNS)}
SHOWN = {ord(hidden): sign for sign, hidden in HIDDEN.items()}
ESCAPE = re.compile(r"\\([~=#{}:\\n])")
CATEGORY = re.compile(r"\$CATEGORY:(.*)")
NAME = re.compile(r"::(.*?)::(.*)", re.DOTALL)
PREFIX = re.compile(r"\[(html|moodle|plain|markdown)\]")
WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%(.*)", re.DOTALL)
NOTE = re.compile(r"\[(id|tag):([^\]]*)\]")
ASTERISK = re.compile(r"(?<!\\)\*")
TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass
class Block:
    """Lines without an empty one among them: a question or a category."""

    line: int
    text: str
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    sign: str
    weight: float | None
    text: str
    feedback: str


@dataclass
class Reading:
    """What was read so far."""

    items: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    topic: str = ""

    def block(self, block: Block) -> None:
        text = block.text
        if found := CATEGORY.match(text):
            names = re.split(r"(?<!/)/(?!/)", found[1].strip())
            self.topic = names[-1].replace("//", "/").strip()
            text = text[found.end() :].strip()
        try:
            if text:
                self.items.append(self._question(block, _hidden(text)))
        except UnmappedError as error:
            self.remarks.append(Remark(block.line, f"not mapped: {error}."))

    def _question(self, block: Block, rest: str) -> Item:
        name = ""
        if named := NAME.match(rest):
            name, rest = _shown(named[1]).strip(), named[2]
        stem, answers, tail = _parts(rest)
        found = PREFIX.match(stem.lstrip())
        kind = found[1] if found else "moodle"
        answers, _, general = answers.partition("####")
        notes = Notes(self.remarks, block.line)
        form = _form(answers.strip(), kind, notes)
        blank = f" _____ {tail}" if tail else ""
        id = next((text for key, text in block.notes if key == "id"), name)
        asked = _words(f"{stem.rstrip()}{blank}", "moodle")
        if not asked:
            raise UnmappedError("it asks nothing")
        return Item(
            id=identifier(id or asked, (item.id for item in self.items)),
            stem=asked,
            form=form,
            topic=self.topic,
            explanation=_words(general, kind),
            tags=tuple(text for key, text in block.notes if key == "tag"),
            line=block.line,
        )


@dataclass
class Notes:
    """Remarks on one question."""

    remarks: list[Remark]
    line: int

    def add(self, text: str) -> None:
        self.remarks.append(Remark(self.line, text))


def read(text: str) -> Found:
    reading = Reading()
    for block in _blocks(text):
        reading.block(block)
    return Found(reading.items, reading.remarks)


def _blocks(text: str) -> Iterator[Block]:
    notes: list[tuple[str, str]] = []
    kept: list[str] = []
    first = 0
    for place, line in enumerate([*text.translate(dict.fromkeys(SHOWN)).split("\n"), ""], start=1):
        if line.strip().startswith("//"):
            notes += NOTE.findall(line)
        elif line.strip():
            first = first or place
            kept.append(line.strip("\r"))
        elif kept:
            yield Block(first, "\n".join(kept).strip(), notes)
            notes, kept, first = [], [], 0


def _hidden(text: str) -> str:
    return ESCAPE.sub(lambda found: HIDDEN["\n" if found[1] == "n" else found[1]], text)


def _parts(text: str) -> tuple[str, str, str]:
    """The stem, what stands in the braces, and what follows them."""
    stem, opened, rest = text.partition("{")
    answers, closed, tail = rest.partition("}")
    if not opened and "}" not in stem:
        raise UnmappedError("a text that asks nothing (a description)")
    if not closed:
        raise UnmappedError("a brace is not closed, or there is an empty line within the question")
    return stem, answers, tail.strip()


def _form(text: str, kind: str, notes: Notes) -> plain.Plain:
    """Which of the kinds it is, as Moodle tells them apart."""
    if not text:
        raise UnmappedError("an essay, which nobody grades here")
    if text.startswith("#"):
        return _number(text[1:], notes)
    if "~" in text:
        return _options(_answers(text, weighed="~"), kind, notes)
    if "=" in text and "->" in text:
        return _pairs(_answers(text), kind)
    truth, *feedback = text.split("#")
    if truth.strip() in TRUTH:
        return _true_or_false(TRUTH[truth.strip()], [_words(said, kind) for said in feedback])
    return _accepted(_answers(text), notes)


def _answers(text: str, weighed: str = "=") -> list[Answer]:
    """`weighed` is the sign after which a weight may stand."""
    pieces = re.split(r"([~=])", text)
    found = list(zip(pieces[1::2], pieces[2::2], strict=True))
    if before := pieces[0].strip():
        found.insert(0, ("=", before))
    # `~=` is an equals sign with a tilde before it, as Moodle has it.
    return [_answer(sign, said.strip(), sign == weighed) for sign, said in found if said.strip()]


def _answer(sign: str, text: str, may_weigh: bool) -> Answer:
    weighed = WEIGHT.match(text) if may_weigh else None
    answer, _, feedback = (weighed[2] if weighed else text).partition("#")
    weight = float(weighed[1]) if weighed else None
    return Answer(sign, weight, answer.strip(), feedback.strip())


def _options(answers: Sequence[Answer], kind: str, notes: Notes) -> plain.Options:
    single = any(answer.sign == "=" for answer in answers)
    right = [_is_right(answer, single) for answer in answers]
    if len(answers) < 2 or not any(right):
        raise UnmappedError("fewer than two options, or none of them is right")
    if single and sum(right) > 1:
        notes.add("each of several options is right there; here all of them have to be chosen")
    elif not single and not _alike(answers):
        notes.add("its options weigh differently there; here they count alike")
    for answer in answers:
        if single and answer.sign == "~" and answer.weight:
            notes.add(f"an option is worth {answer.weight:g} % there; here it is wrong")
    return plain.Options(
        tuple(
            plain.Option(_words(answer.text, kind), is_right, _words(answer.feedback, kind))
            for answer, is_right in zip(answers, right, strict=True)
        ),
        multiple=not single or sum(right) > 1,
    )


def _is_right(answer: Answer, single: bool) -> bool:
    return answer.sign == "=" or (not single and (answer.weight or 0) > 0)


def _alike(answers: Sequence[Answer]) -> bool:
    """Whether each right option adds as much as each wrong one takes."""
    weights = [answer.weight or 0 for answer in answers]
    return len({abs(weight) for weight in weights}) == 1


def _pairs(answers: Sequence[Answer], kind: str) -> plain.Order | plain.Pairs:
    split = [answer.text.partition("->") for answer in answers]
    if not all(arrow for _, arrow, _ in split):
        raise UnmappedError("a line of a matching without an arrow")
    found = [(_words(item, kind), _words(belongs, kind)) for item, _, belongs in split]
    pairs = tuple(pair for pair in found if pair[0])
    if len(found) < 2:
        raise UnmappedError("a matching of one line")
    if [item for item, _ in found] == [str(place) for place, _ in enumerate(found, start=1)]:
        return plain.Order(tuple(belongs for _, belongs in found))
    return plain.Pairs(pairs, tuple(belongs for item, belongs in found if not item))


def _true_or_false(truth: bool, feedback: Sequence[str]) -> plain.Options:
    """The first feedback is for a wrong answer, the second for a right one."""
    wrong, right, *_ = (*feedback, "", "")
    return plain.Options(
        tuple(
            plain.Option(str(said), said is truth, right if said is truth else wrong)
            for said in (True, False)
        ),
        shuffle=False,
    )


def _accepted(answers: Sequence[Answer], notes: Notes) -> plain.Words:
    words: list[str] = []
    for answer in answers:
        word = _shown(PREFIX.sub("", answer.text, count=1)).strip()
        if answer.weight not in (None, 100):
            notes.add(f"{word!r} is worth {answer.weight:g} % there; here it is wrong")
        elif ASTERISK.search(word):
            notes.add(f"{word!r} stands for many words there; here it is left out")
        elif word:
            words.append(word.replace(r"\*", "*"))
        if answer.feedback:
            notes.add(f"what is said to {word!r} alone is left out")
    if not words:
        raise UnmappedError("no word is right")
    return plain.Words(tuple(words))


def _number(text: str, notes: Notes) -> plain.Number:
    found = _answers(text.partition("~")[0])
    full = [answer for answer in found if answer.weight in (None, 100)]
    if not full:
        raise UnmappedError("no number is right")
    if len(found) > 1:
        notes.add("of several numbers the first that counts in full is kept")
    if any(answer.feedback for answer in found) or "~" in text:
        notes.add("what is said to single numbers is left out")
    try:
        return _with_tolerance(_shown(full[0].text))
    except ValueError:
        raise UnmappedError(f"{_shown(full[0].text)!r} is no number") from None


def _with_tolerance(text: str) -> plain.Number:
    if ".." in text:
        low, high = map(float, text.split("..", 1))
        return plain.Number((low + high) / 2, abs(high - low) / 2)
    value, _, tolerance = text.partition(":")
    return plain.Number(float(value), abs(float(tolerance or 0)))


def _words(text: str, kind: str) -> str:
    """As Markdown, whatever it was before: a text's own prefix says, else the question's."""
    text = text.strip()
    if found := PREFIX.match(text):
        kind, text = found[1], text[found.end() :]
    shown = _shown(text).strip()
    match kind:
        case "markdown":
            return shown
        case "html":
            return from_html(shown)
    return from_text(shown)


def _shown(text: str) -> str:
    return text.translate(SHOWN)
