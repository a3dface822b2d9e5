"""Advice to the author of a valid pack. A hint is never a reason to refuse the pack.

loader.py reports what is wrong, and a run decides what is true. Knows no kind of question.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from quiz.documents.yaml_document import Document, Fault, Loc, Problem
from quiz.packs.pack import Interview, Pack
from quiz.questions import portable
from quiz.questions.base import Question
from quiz.questions.text_match import visible_length

SITTING = range(6, 11)
EXPLANATION = range(40, 91)
INTERVIEW = range(60, 91)
FOLLOW_UPS = 2
# With three or four options, chance makes the right one the longest in a third of the questions.
LONGEST_SHARE, FEWEST = 0.4, 5

# Shares of a definition, an application and a surprise.
SPREAD, SPREAD_SLACK, SPREAD_FROM = {1: 0.4, 2: 0.4, 3: 0.2}, 0.12, 20

NEGATIVE = re.compile(r"\b(not|never|cannot|except|false|wrong|untrue)\b|n[’']t\b", re.I)
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z`\"(])")
ASKING = re.compile(r"^(Choose|Put|Which|Mark|Select|Name)\b")


def hints(pack: Pack, document: Document) -> list[Problem]:
    """All hints on the pack, in the order of its file."""
    found = [
        *_questions(pack, document),
        *_topics(pack, document),
        *_lengths(pack, document),
        *_lists(pack, document),
        *_difficulties(pack, document),
    ]
    return sorted(found, key=lambda hint: (hint.line, hint.column))


def _questions(pack: Pack, document: Document) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for place, question in enumerate(pack.questions):
        loc: Loc = ("questions", place)
        asked = " ".join(question.stem.casefold().split())
        if asked in first:
            mend = "Ask something else, or say what differs."
            yield document.problem((*loc, "stem"), f"is asked in {first[asked]} already", mend)
        first.setdefault(asked, question.id)
        for fault in _question(question, document.data["questions"][place]):
            yield document.problem((*loc, *fault.loc), fault.reason, fault.mend)


def _question(question: Question, written: Any) -> Iterator[Fault]:
    yield from _stem(question)
    yield from _after(question)
    yield from _variants(question)
    yield from question.hints(written)


def _stem(question: Question) -> Iterator[Fault]:
    for sentence in SENTENCE.split(question.stem):
        asks = sentence.endswith("?") or ASKING.match(sentence)
        if asks and (found := NEGATIVE.search(sentence)):
            reason = f"asks with {found[0]!r}: a learner who knows it still misreads it"
            yield Fault(reason, "Ask what does happen.", ("stem",))


def _after(question: Question) -> Iterator[Fault]:
    """What learners read after the answer."""
    if (words := _words(question.explanation)) not in EXPLANATION:
        mend = f"Say the mechanism in {_between(EXPLANATION)} words."
        yield Fault(f"has {words} words", mend, ("explanation",))
    if not question.rule:
        yield Fault("is missing", "Add a rule of thumb, one sentence.", ("rule",))
    elif len(SENTENCE.split(question.rule)) > 1:
        yield Fault("is more than one sentence", "Keep the one to remember.", ("rule",))
    if not question.see:
        mend = "Add a page of documentation, or a thread where people got it wrong."
        yield Fault("is missing", mend, ("see",))
    if not question.demo:
        yield Fault("is missing", "Name a demo that shows it.", ("demo",))


def _variants(question: Question) -> Iterator[Fault]:
    """Variants that ask the same as the question or as another variant."""
    for place, variant in enumerate(question.variants):
        at: Loc = ("vary", place)
        if variant.values in [one.values for one in (question, *question.variants[:place])]:
            yield Fault("has the numbers of another", "Change one, or remove it.", at)
        elif _said(variant) == _said(question):
            mend = "Write the numbers into the stem, or remove it."
            yield Fault("changes nothing that a learner sees", mend, at)


def _said(question: Question) -> dict[str, Any]:
    """The texts and the right answer of a question."""
    return question.model_dump(exclude={"demo", "vary"})


def _topics(pack: Pack, document: Document) -> Iterator[Problem]:
    # A topic needs no card if other topics' cards ask the same source questions.
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
    """Whether a learner can guess right answers by the lengths of the options."""
    single = {q.id: options for q in pack.questions if (options := q.single_choice())}
    if len(single) < FEWEST:
        return
    for word, extreme in (("longest", max), ("shortest", min)):
        found = [id for id, options in single.items() if _right_is_extreme(options, extreme)]
        if len(found) > LONGEST_SHARE * len(single):
            reason = f"in {len(found)} of {len(single)} the right option is the {word}"
            mend = "Even the lengths of their options out."
            yield document.problem(("questions",), f"{reason}: {', '.join(found)}", mend)


def _right_is_extreme(
    options: Sequence[portable.Option], extreme: Callable[[Iterable[int]], int]
) -> bool:
    """Whether the right option alone is the longest (`max`) or the shortest (`min`)."""
    length = extreme(visible_length(option.text) for option in options)
    return [one.right for one in options if visible_length(one.text) == length] == [True]


def _lists(pack: Pack, document: Document) -> Iterator[Problem]:
    """Entries of the pack's lists that no question names, and questions that name no entry."""
    named: dict[str, set[str | None]] = {
        "concepts": {question.concept for question in pack.questions},
        "patterns": {question.pattern for question in pack.questions},
        "misconceptions": {name for q in pack.questions for name in q.misconceptions},
    }
    for name, used in named.items():
        known = getattr(pack, name)
        for slug in known:
            if slug not in used:
                yield document.problem((name, slug), "is named by no question", "Use or remove it.")
    for place, question in enumerate(pack.questions):
        for field, known in (("concept", pack.concepts), ("pattern", pack.patterns)):
            if known and not getattr(question, field):
                loc: Loc = ("questions", place, field)
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


def _between(numbers: range) -> str:
    return f"{numbers.start} to {numbers.stop - 1}"
