"""Moodle's cloze questions: a text with gaps. Each gap becomes a question."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quiz.exchange import moodle
from quiz.exchange.found import Notes, UnmappedError
from quiz.exchange.moodle import Answer, Text
from quiz.questions import portable

KINDS = {
    **dict.fromkeys(("NUMERICAL", "NM"), "number"),
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), "words"),
    **dict.fromkeys(
        ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), "choice"
    ),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS"), "choice"),
    **dict.fromkeys(("MULTICHOICE_HS", "MCHS"), "choice"),
    **dict.fromkeys(("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"), "several"),
    **dict.fromkeys(("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"), "several"),
}
EXACT = ("SHORTANSWER_C", "SAC", "MWC")
GAP = re.compile(
    rf"\{{(?:[0-9]*):({'|'.join(sorted(KINDS, key=len, reverse=True))}):(.*?)(?<!\\)\}}", re.DOTALL
)
# A gap of a plugin's type: in the stem it would show its answer.
OTHER_GAP = re.compile(r"\{[0-9]*:([A-Za-z_]+):[^{}]*[=%]")
BETWEEN = re.compile(r"(?<!\\)~")
WORTH = re.compile(r"\s*(?:(=)|%(-?[0-9]+(?:[.,][0-9]*)?)%)")
# Not the sign in a character reference such as &#39;.
FEEDBACK = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)#")
ESCAPED = re.compile(r"\\([~#}=\\{/\"'])")
BLANK = "_____"


@dataclass(frozen=True)
class Gap:
    stem: Text
    form: portable.Plain


def gaps(text: Text, notes: Notes) -> list[Gap]:
    """A question for each gap. The other gaps are blank, so that no gap gives away another."""
    found = list(GAP.finditer(text.text))
    if not found:
        raise UnmappedError("a cloze without a gap")
    if other := OTHER_GAP.search(GAP.sub(BLANK, text.text)):
        raise UnmappedError("a gap of a type without an equivalent here", other[1])
    if len(found) > 1:
        notes.add("each gap of a cloze becomes a question", f"{len(found)} gaps")
    return [
        Gap(_stem(text, place, len(found)), _form(gap[1], gap[2], text.format, notes))
        for place, gap in enumerate(found, start=1)
    ]


def _stem(text: Text, asked: int, count: int) -> Text:
    if count == 1:
        return Text(GAP.sub(BLANK, text.text), text.format)
    places = iter(range(1, count + 1))
    blank = GAP.sub(lambda _found: f"({next(places)}) {BLANK}", text.text)
    question = f"What belongs in gap {asked}?"
    after = f"<p>{question}</p>" if text.format == "html" else f"\n\n{question}"
    return Text(blank + after, text.format)


def _form(name: str, inner: str, kind: str, notes: Notes) -> portable.Plain:
    answers = [_answer(said, kind) for said in BETWEEN.split(inner)]
    match KINDS[name]:
        case "number":
            return _number(answers, notes)
        case "words":
            if name in EXACT:
                notes.add("capitals count in the file, and not here")
            return moodle.words(list(map(_as_word, answers)), notes)
        case sort:
            return moodle.options(answers, sort == "choice", notes)


def _answer(said: str, kind: str) -> Answer:
    worth = WORTH.match(said)
    text = said[worth.end() :] if worth else said
    answer, *feedback = FEEDBACK.split(text, maxsplit=1)
    percent = 0.0
    if worth:
        percent = moodle.FULL if worth[1] else float(worth[2].replace(",", "."))
    shown = (Text(ESCAPED.sub(r"\1", part).strip(), kind) for part in (answer, *feedback, ""))
    return Answer(next(shown), percent, next(shown))


def _as_word(answer: Answer) -> Answer:
    """An answer as learners type it, without markup."""
    text = re.sub(r"<[^>]*>", "", answer.text.text)
    return Answer(Text(html.unescape(text)), answer.worth, answer.feedback)


def _number(answers: Sequence[Answer], notes: Notes) -> portable.Number:
    found = list(map(_as_word, answers))
    values = [Answer(Text(_point(a.text.text)[0]), a.worth, a.feedback) for a in found]
    margins = {id(new): _point(old.text.text)[1] for new, old in zip(values, found, strict=True)}
    return moodle.number(values, lambda answer: margins[id(answer)], notes)


def _point(text: str) -> tuple[str, str]:
    """Value and margin. A comma is a decimal comma."""
    value, _, margin = text.replace(",", ".").partition(":")
    return value.strip(), margin.strip()
