"""Questions from another program's file as the YAML of a valid pack.

If a pack needs a text that the file lacks, a sentence to replace is written and reported.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from quiz.exchange.export_document import Item
from quiz.exchange.found import Found, Progress, Remark, UnmappedError, no_progress
from quiz.exchange.texts import Identifiers
from quiz.questions import portable, text_match

EXPLAIN = "Say the mechanism in 40 to 90 words."
WHY = {True: "Say why this is right.", False: "Say why this is wrong."}
TOPIC = "Imported"
DIFFICULTY = re.compile(r"difficulty-([123])")
EASIEST = 1
LONGEST_UNIT = 20
# The longest answer that learners can type in the kind `text`.
LONGEST_WORD = 80
# What the kind `match` takes.
LINES, ANSWERS = range(2, 9), range(2, 7)
# A pack reads this as the name of a parameter: with doubled braces it is text.
BRACED = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


LINK = re.compile(r"https?://\S+")


@dataclass
class Packing:
    mapped: list[Item] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)
    topic_ids: Identifiers = field(default_factory=Identifiers)
    questions: list[dict[str, Any]] = field(default_factory=list)

    def add(self, item: Item) -> None:
        try:
            if not item.text.strip():
                raise UnmappedError("it asks nothing")
            answered = self._answered(item)
        except UnmappedError as error:
            self.remarks.append(Remark(item.line, *error.remark))
            return
        self.mapped.append(item)
        said = {
            "id": item.id,
            "kind": answered.pop("kind"),
            "topic": self._topic(item.topic or TOPIC),
            "difficulty": _rated(item) or EASIEST,
            "stem": _text(item.text),
            **answered,
            "explanation": _text(item.explanation or EXPLAIN),
            "rule": _text(item.rule),
            "see": [link for link in item.see if LINK.fullmatch(link)],
        }
        self.questions.append(
            {name: value for name, value in said.items() if value not in ("", [])}
        )

    def _topic(self, title: str) -> str:
        if title not in self.topics:
            self.topics[title] = self.topic_ids.new(title)
        return self.topics[title]

    def _answered(self, item: Item) -> dict[str, Any]:
        match item.form:
            case portable.Options(options, multiple, shuffle):
                _no_two_alike(option.text for option in options)
                several = {"multiple": True} if multiple and _one_right(options) else {}
                ordered = {} if shuffle else {"shuffle": False}
                listed = [_option(option) for option in options]
                return {"kind": "choice", **several, **ordered, "options": listed}
            case portable.Order(lines):
                _no_two_alike(lines)
                ids = [f"line-{place}" for place, _ in enumerate(lines, start=1)]
                listed = [
                    {"id": id, "text": _text(line)} for id, line in zip(ids, lines, strict=True)
                ]
                pairs = [list(pair) for pair in zip(ids, ids[1:], strict=False)]
                return {"kind": "ordering", "items": listed, "before": pairs}
            case portable.Number(value, tolerance, unit):
                if len(unit) > LONGEST_UNIT:
                    raise UnmappedError(f"its unit is longer than {LONGEST_UNIT} letters", unit)
                if not (math.isfinite(value) and math.isfinite(tolerance)):
                    raise UnmappedError("its number is too large")
                return {"kind": "number", "answer": value, "unit": unit, "tolerance": tolerance}
            case portable.Words(accepted):
                return {"kind": "text", "accepted": self._words(accepted, item.line)}
            case portable.Pairs(pairs, others):
                return _match(pairs, others)
        raise UnmappedError("nothing here is answered like that")

    def _words(self, accepted: Sequence[str], line: int) -> list[str]:
        for word in accepted:
            if not text_match.plain(word):
                # The kind `text` ignores quotes and brackets around a word.
                text = "an answer of quotes or brackets alone is left out."
                self.remarks.append(Remark(line, text, word))
        words = [word for word in _distinct(accepted) if len(word) <= LONGEST_WORD]
        if any(len(word) > LONGEST_WORD for word in accepted):
            text = f"an answer of more than {LONGEST_WORD} characters is left out."
            self.remarks.append(Remark(line, text))
        if words:
            return words
        raise UnmappedError("no single word is right")


def _match(pairs: Sequence[tuple[str, str]], others: Sequence[str]) -> dict[str, Any]:
    _no_two_alike(line for line, _ in pairs)
    answers = list(dict.fromkeys([*(answer for _, answer in pairs), *others]))
    _no_two_alike(answers)
    if len(pairs) not in LINES or len(answers) not in ANSWERS:
        reason = f"this one: {len(pairs)} and {len(answers)}"
        raise UnmappedError("a matching has 2 to 8 lines and 2 to 6 answers here", reason)
    ids = {answer: f"answer-{place}" for place, answer in enumerate(answers, start=1)}
    options = [{"id": id, "text": _text(answer)} for answer, id in ids.items()]
    items = [
        {"id": f"line-{place}", "text": _text(line), "match": ids[answer], "why": WHY[True]}
        for place, (line, answer) in enumerate(pairs, start=1)
    ]
    return {"kind": "match", "options": options, "items": items}


def _no_two_alike(texts: Iterable[str]) -> None:
    """Refuses options that look alike or are empty: learners could not tell them apart."""
    seen = Counter(" ".join(text.split()) for text in texts)
    if "" in seen:
        raise UnmappedError("an option or line is empty")
    if twice := [text for text, n in seen.items() if n > 1]:
        raise UnmappedError("two of its options or lines are the same", repr(twice[0]))


@dataclass(frozen=True)
class Written:
    """A pack's file: `data`, and `text` as its YAML. Both are empty if no question mapped."""

    data: dict[str, Any]
    text: str
    remarks: list[Remark]


def as_pack(
    found: Found, slug: str, title: str, since: date, progress: Progress = no_progress
) -> Written:
    """The pack, with a remark by line on everything that did not map."""
    packing = Packing()
    for item in found.items:
        packing.add(item)
        progress(item.line)
    said = (*_of_all(packing.mapped), *found.remarks, *packing.remarks)
    remarks = sorted(said, key=lambda remark: remark.line)
    if not packing.questions:
        return Written({}, "", remarks)
    topics = {id: {"title": name} for name, id in packing.topics.items()}
    head = {"pack": slug, "title": title, "since": since, "topics": topics}
    data = {**head, "questions": packing.questions}
    text = yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
    return Written(data, str(text), remarks)


def _of_all(items: Sequence[Item]) -> Iterator[Remark]:
    """Remarks on what many questions lack."""
    for item in items:
        if not _rated(item):
            yield Remark(item.line, f"no difficulty is given; it becomes {EASIEST}.")
        if not item.explanation:
            yield Remark(item.line, f'no explanation is given; it becomes "{EXPLAIN}".')
        if _unreasoned(item):
            yield Remark(item.line, f'an option or line has no reason; it becomes "{WHY[True]}".')
        for tag in item.tags:
            if not DIFFICULTY.fullmatch(tag):
                yield Remark(item.line, "tags are left out.", tag)
        for link in item.see:
            if not LINK.fullmatch(link):
                yield Remark(item.line, "a link that is not a web address is left out.", link)


def _unreasoned(item: Item) -> bool:
    match item.form:
        case portable.Options(options):
            return not all(option.why for option in options)
        case portable.Pairs():
            return True
    return False


def _rated(item: Item) -> int | None:
    found = filter(None, map(DIFFICULTY.fullmatch, item.tags))
    return item.difficulty or next((int(match[1]) for match in found), None)


class Dumper(yaml.CSafeDumper if yaml.__with_libyaml__ else yaml.SafeDumper):  # type: ignore[misc]
    """Writes texts of several lines as blocks, which people can read and edit."""


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _represent)


def _option(option: portable.Option) -> dict[str, Any]:
    key = {"key": True} if option.right else {}
    return {"text": _text(option.text), **key, "why": _text(option.why or WHY[option.right])}


def _one_right(options: Sequence[portable.Option]) -> bool:
    return sum(option.right for option in options) == 1


def _distinct(words: Sequence[str]) -> Iterator[str]:
    """Each text once; capitals and quotes make no difference."""
    for place, word in enumerate(words):
        if text_match.plain(word) and not text_match.same(word, words[:place]):
            yield word


def _text(text: str) -> str:
    return BRACED.sub(r"{{\1}}", text)
