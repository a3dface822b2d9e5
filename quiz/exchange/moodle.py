"""Parts that Moodle's formats share: answers with weights as options, words or a number."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quiz.exchange.found import Notes, UnmappedError
from quiz.exchange.html.markup import from_html, from_moodle, lost_in_markdown
from quiz.exchange.texts import from_plain, in_line
from quiz.questions import portable

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
ASTERISK = re.compile(r"(?<!\\)\*")
FULL = 100.0
MARKDOWN = "markdown"


@dataclass(frozen=True)
class Text:
    """A text in one of Moodle's formats: html, moodle, plain or markdown."""

    text: str
    format: str = "plain"

    def block(self, notes: Notes) -> str:
        match self.format:
            case "markdown":
                for said in lost_in_markdown(self.text):
                    notes.add(said)
                return self.text.strip()
            case "html":
                return from_html(self.text, notes.add)
            case "moodle":
                return from_moodle(self.text, notes.add)
        return from_plain(self.text)

    def line(self, notes: Notes) -> str:
        """The text on one line, for an option or a feedback."""
        text = self.block(notes)
        return text if self.format == MARKDOWN else in_line(text)


@dataclass(frozen=True)
class Answer:
    """An answer; `worth` is in per cent."""

    text: Text
    worth: float
    feedback: Text = Text("")


def options(
    answers: Sequence[Answer], single: bool, notes: Notes, shuffle: bool = True
) -> portable.Options:
    """Options with one right answer, or without `single` all answers with a positive weight."""
    kept = [answer for answer in answers if answer.text.text.strip()]
    right = [answer.worth >= FULL if single else answer.worth > 0 for answer in kept]
    if len(kept) < 2 or not any(right):
        raise UnmappedError("it has fewer than two options, or none of them is right")
    _note_weights(kept, single, notes)
    made = (
        portable.Option(answer.text.line(notes), is_right, answer.feedback.line(notes))
        for answer, is_right in zip(kept, right, strict=True)
    )
    return portable.Options(tuple(made), multiple=not single or sum(right) > 1, shuffle=shuffle)


def _note_weights(answers: Sequence[Answer], single: bool, notes: Notes) -> None:
    worth = [answer.worth for answer in answers]
    if not single:
        if len({round(abs(each), 1) for each in worth}) > 1:
            notes.add("options have different weights in the file; here they have the same")
        return
    if sum(each >= FULL for each in worth) > 1:
        notes.add("any one of the right options is enough in the file; here all must be chosen")
    for answer in answers:
        if 0 < answer.worth < FULL:
            notes.add(*_partly(answer))


def _partly(answer: Answer) -> tuple[str, str]:
    about = f"{answer.text.text.strip()!r}, {answer.worth:g} %"
    return "an answer that is partly right in the file counts as wrong here", about


def words(answers: Sequence[Answer], notes: Notes) -> portable.Words:
    """Accepted words. An asterisk is a wildcard, `\\*` an asterisk."""
    accepted: list[str] = []
    for answer in answers:
        word = answer.text.text.strip()
        if answer.feedback.text.strip():
            notes.add("feedback on a single word or number is left out", repr(word))
        if answer.worth <= 0 or not word:
            continue
        if answer.worth < FULL:
            notes.add(*_partly(answer))
        elif ASTERISK.search(word):
            notes.add("a pattern of words is left out", repr(word))
        else:
            accepted.append(word.replace(r"\*", "*"))
    if not accepted:
        raise UnmappedError("no single word is right")
    return portable.Words(tuple(accepted))


def number(
    answers: Sequence[Answer], tolerance: Callable[[Answer], str], notes: Notes, unit: str = ""
) -> portable.Number:
    """The first number with full weight."""
    numeric = [answer for answer in answers if answer.text.text.strip() not in ("*", "")]
    full = [answer for answer in numeric if answer.worth >= FULL]
    if not full:
        raise UnmappedError("no number is right")
    if any(answer.feedback.text.strip() for answer in answers):
        notes.add("feedback on a single word or number is left out")
    for answer in numeric:
        if 0 < answer.worth < FULL:
            notes.add(*_partly(answer))
    if len(full) > 1:
        notes.add("several numbers are right in the file; here only the first", full[0].text.text)
    value, margin = decimal(full[0].text.text), decimal(tolerance(full[0]) or "0")
    return portable.Number(float(value), float(abs(margin)), unit)


def decimal(text: str) -> Decimal:
    if not NUMBER.fullmatch(text.strip()):
        raise UnmappedError("its answer is not a number", repr(text.strip()))
    return Decimal(text.strip())


def pairs(lines: Sequence[tuple[Text, Text]], notes: Notes) -> portable.Pairs:
    """Lines with their answers. An answer without a line is a distractor."""
    found = [(line.line(notes), belongs.line(notes)) for line, belongs in lines]
    if len(found) < 2:
        raise UnmappedError("a matching of one line")
    others = tuple(belongs for line, belongs in found if not line and belongs)
    for line, belongs in found:
        if line and not belongs:
            notes.add("a line of a matching without an answer is left out", repr(line))
    return portable.Pairs(tuple(pair for pair in found if all(pair)), others)


def true_or_false(truth: bool, on_true: str, on_false: str) -> portable.Options:
    return portable.Options(
        (portable.Option("True", truth, on_true), portable.Option("False", not truth, on_false)),
        shuffle=False,
    )


def topic(path: str) -> str:
    """The last name of a category's path. A doubled slash is a slash in a name."""
    names = re.split(r"(?<!/)/(?!/)", path.strip())
    name = names[-1].replace("//", "/").strip()
    return "" if name in ("top", "$course$", "$system$", "$module$") else name
