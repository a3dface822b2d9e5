"""What could be better about a sound pack: hints to its author, never a reason to refuse it.

Pure: a pack and its file's document in, hints with their places out. What is *wrong* with a pack is
loader.py's; a run decides whether it is *true*.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quiz.documents.yaml_document import Document, Loc, Problem
from quiz.kinds.choice import Choice, Option
from quiz.kinds.number import Number
from quiz.packs.pack import Interview, Pack
from quiz.questions.base import Question

OPTIONS = range(3, 5)
SITTING = range(6, 11)
EXPLANATION = range(40, 91)
INTERVIEW = range(60, 91)
FOLLOW_UPS = 2
# Texts of options are alike where the longest has at most so many characters more than the
# shortest, or is at most so many times as long.
SLACK, STRETCH = 12, 1.6
# With three or four options, chance makes the right one the longest in a third of the questions.
LONGEST_SHARE, FEWEST = 0.4, 5

# A definition, an application, a surprise.
SPREAD, SPREAD_SLACK, SPREAD_FROM = {1: 0.4, 2: 0.4, 3: 0.2}, 0.12, 20

NEGATIVE = re.compile(r"\b(not|never|cannot|except|false|wrong|untrue)\b|n[’']t\b", re.I)
DEPENDS = re.compile(r"\b(it|that) (all )?depends\b", re.I)
ABOVE = re.compile(r"\b(all|none|both|neither) of (the above|these (answers|options))\b", re.I)
MILLISECONDS = re.compile(r"\d\s*(ms|milliseconds?)\b", re.I)
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z`\"(])")
ASKING = re.compile(r"^(Choose|Put|Which|Mark|Select|Name)\b")


def hints(pack: Pack, document: Document) -> list[Problem]:
    """All that could be better about the pack, in the order of its file."""
    found = [
        *_questions(pack, document),
        *_topics(pack, document),
        *_lengths(pack, document),
        *_lists(pack, document),
        *_difficulties(pack, document),
    ]
    return sorted(found, key=lambda hint: (hint.line, hint.column))


@dataclass(frozen=True)
class Entry:
    """A question and its place in the file."""

    question: Question
    loc: Loc
    document: Document

    def hint(self, field: str | Loc, reason: str, mend: str) -> Problem:
        below = (field,) if isinstance(field, str) else field
        return self.document.problem((*self.loc, *below), reason, mend)

    def written(self, loc: Loc) -> str:
        """A text as its author wrote it, with the placeholders in it."""
        data = self.document.data
        for part in (*self.loc, *loc):
            data = data[part]
        return str(data)


def _questions(pack: Pack, document: Document) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for index, question in enumerate(pack.questions):
        entry = Entry(question, ("questions", index), document)
        asked = " ".join(question.stem.casefold().split())
        if asked in first:
            reason = f"is asked in {first[asked]} already"
            yield entry.hint("stem", reason, "Ask something else, or say what differs.")
        first.setdefault(asked, question.id)
        yield from _stem(entry)
        yield from _after(entry)
        yield from _draws(entry)
        if isinstance(question, Choice):
            yield from _options(entry, question.options)
        if isinstance(question, Number) and question.unit == "ms":
            yield entry.hint("unit", "asks for milliseconds", "Ask what comes first or what waits.")


def _stem(entry: Entry) -> Iterator[Problem]:
    for sentence in SENTENCE.split(entry.question.stem):
        asks = sentence.endswith("?") or ASKING.match(sentence)
        if asks and (found := NEGATIVE.search(sentence)):
            reason = f"asks with {found[0]!r}: a learner who knows it still misreads it"
            yield entry.hint("stem", reason, "Ask what does happen.")


def _after(entry: Entry) -> Iterator[Problem]:
    """What is read after the answer."""
    question = entry.question
    if (words := _words(question.explanation)) not in EXPLANATION:
        mend = f"Say the mechanism in {_between(EXPLANATION)} words."
        yield entry.hint("explanation", f"has {words} words", mend)
    if not question.rule:
        yield entry.hint("rule", "is missing", "Add a rule of thumb, one sentence.")
    elif len(SENTENCE.split(question.rule)) > 1:
        yield entry.hint("rule", "is more than one sentence", "Keep the one to remember.")
    if not question.see:
        mend = "Add a page of documentation, or a thread where people got it wrong."
        yield entry.hint("see", "is missing", mend)
    if not question.demo:
        yield entry.hint("demo", "is missing", "Name a demo that shows it.")


def _draws(entry: Entry) -> Iterator[Problem]:
    """Numbers that make no other question."""
    question = entry.question
    for place, draw in enumerate(question.variants):
        at: Loc = ("vary", place)
        if draw.values in [one.values for one in (question, *question.variants[:place])]:
            yield entry.hint(at, "has the numbers of another", "Change one, or remove it.")
        elif _said(draw) == _said(question):
            reason = "changes nothing that a learner sees"
            yield entry.hint(at, reason, "Write the numbers into the stem, or remove it.")


def _said(question: Question) -> dict[str, Any]:
    """Its texts and its right answer."""
    return question.model_dump(exclude={"demo", "vary"})


def _options(entry: Entry, options: Sequence[Option]) -> Iterator[Problem]:
    if len(options) not in OPTIONS:
        reason = f"has {len(options)} options"
        yield entry.hint("options", reason, "Three or four that differ in one idea are best.")
    lengths = [_length(option.text) for option in options]
    if max(lengths) > max(min(lengths) + SLACK, min(lengths) * STRETCH):
        reason = f"have texts of {min(lengths)} to {max(lengths)} characters"
        yield entry.hint("options", reason, "Make them alike in length and form.")
    for place, option in enumerate(options):
        yield from _option(entry, option, ("options", place))


def _option(entry: Entry, option: Option, loc: Loc) -> Iterator[Problem]:
    at: Loc = (*loc, "text")
    if found := ABOVE.search(option.text):
        yield entry.hint(at, f"says {found[0]!r}", "Let several options be keys instead.")
    if not option.claim and (found := DEPENDS.search(option.text)):
        yield entry.hint(at, f"says {found[0]!r}", "Say on what, as a claim that a run decides.")
    if MILLISECONDS.search(entry.written(at)):
        mend = "Ask what comes first or what waits, or name a parameter."
        yield entry.hint(at, "is a guess of milliseconds", mend)
    if entry.question.demo and not option.claim:
        yield entry.hint((*loc, "holds"), "is missing", "Say what this option claims of a run.")
    if not option.key and not option.misconception:
        yield entry.hint((*loc, "misconception"), "is missing", "Name the belief behind it.")


def _topics(pack: Pack, document: Document) -> Iterator[Problem]:
    # A topic that only goes through what others' cards ask needs none of its own.
    asked = {q.source for q in pack.questions if q.source and pack.topics[q.topic].interview}
    for slug, topic in pack.topics.items():
        loc: Loc = ("topics", slug)
        if (size := len(pack.of_topic(slug))) not in SITTING:
            reason = f"has {size} question{'' if size == 1 else 's'}"
            yield document.problem(loc, reason, f"A sitting is {_between(SITTING)}.")
        if topic.interview:
            yield from _interview(topic.interview, (*loc, "interview"), document)
        elif not all(question.source in asked for question in pack.of_topic(slug)):
            mend = "Add the question as an interviewer asks it, and an answer."
            yield document.problem((*loc, "interview"), "is missing", mend)


def _interview(interview: Interview, loc: Loc, document: Document) -> Iterator[Problem]:
    if (words := _words(interview.answer)) not in INTERVIEW:
        mend = f"Answer in {_between(INTERVIEW)} words: half a minute, said aloud."
        yield document.problem((*loc, "answer"), f"has {words} words", mend)
    follow_ups = (*loc, "follow_ups")
    if (count := len(interview.follow_ups)) != FOLLOW_UPS:
        mend = f"Add the {FOLLOW_UPS} that an interviewer asks next."
        yield document.problem(follow_ups, f"are {count}", mend)
    for place, follow_up in enumerate(interview.follow_ups):
        if not follow_up.demo:
            mend = "Name the demo that answers it."
            yield document.problem((*follow_ups, place, "demo"), "is missing", mend)


def _lengths(pack: Pack, document: Document) -> Iterator[Problem]:
    """Whether someone who knows nothing does well by always taking the longest, or the shortest."""
    single = [q for q in pack.questions if isinstance(q, Choice) and not q.is_multiple]
    if len(single) < FEWEST:
        return
    for word, extreme in (("longest", max), ("shortest", min)):
        stands_out = [q.id for q in single if _alone(q, extreme)]
        if len(stands_out) > LONGEST_SHARE * len(single):
            reason = (
                f"in {len(stands_out)} of {len(single)} the right option is the {word}: "
                + ", ".join(stands_out)
            )
            yield document.problem(("questions",), reason, "Even the lengths of their options out.")


def _alone(question: Choice, extreme: Callable[[Iterable[int]], int]) -> bool:
    """Whether the right option is the only one of the extreme length."""
    lengths = {option.id: _length(option.text) for option in question.options}
    most = extreme(lengths.values())
    return {id for id, length in lengths.items() if length == most} == question.keys


def _lists(pack: Pack, document: Document) -> Iterator[Problem]:
    """What the pack lists and no question names, and questions that name none of what is listed."""
    named: dict[str, set[str | None]] = {
        "concepts": {question.concept for question in pack.questions},
        "patterns": {question.pattern for question in pack.questions},
        "misconceptions": {
            option.misconception
            for question in pack.questions
            if isinstance(question, Choice)
            for option in question.options
        },
    }
    for name, used in named.items():
        known = getattr(pack, name)
        for slug in known:
            if slug not in used:
                yield document.problem((name, slug), "is named by no question", "Use or remove it.")
    for index, question in enumerate(pack.questions):
        for field, known in (("concept", pack.concepts), ("pattern", pack.patterns)):
            if known and not getattr(question, field):
                loc: Loc = ("questions", index, field)
                yield document.problem(loc, "is missing", f"Name one of the pack's {field}s.")


def _difficulties(pack: Pack, document: Document) -> Iterator[Problem]:
    if len(pack.questions) < SPREAD_FROM:
        return
    for difficulty, share in SPREAD.items():
        count = sum(question.difficulty == difficulty for question in pack.questions)
        if abs(count / len(pack.questions) - share) > SPREAD_SLACK:
            reason = f"{count} of {len(pack.questions)} are of difficulty {difficulty}"
            yield document.problem(("questions",), reason, f"About {share:.0%} is a good spread.")


def _words(text: str) -> int:
    return len(text.split())


def _length(text: str) -> int:
    """As a learner sees it: without the signs of Markdown."""
    return len(re.sub(r"[`*_]", "", text))


def _between(numbers: range) -> str:
    return f"{numbers.start} to {numbers.stop - 1}"
