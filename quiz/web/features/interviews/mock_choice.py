"""What a learner can choose for a mock interview, and the items that a choice selects. Pure."""

import random
from dataclasses import dataclass

from starlette.datastructures import FormData

from quiz.learning.interview_selection import Candidate, among, balanced, mixed
from quiz.packs.catalog import Catalog
from quiz.questions.answers import AnswerError
from quiz.storage.mock_interviews import Item

LENGTHS = (5, 10, 20)
USUAL_LENGTH = 10
# Seconds per item.
CLOCKS = {"": "No clock", "60": "A minute each", "120": "Two minutes each"}
LEVELS = {1: "A definition", 2: "In between", 3: "A surprise"}
# One item in this many is an interview card.
ALOUD = 5


@dataclass(frozen=True, slots=True)
class MockChoice:
    """What the learner chose. No topics means all topics; no levels means all levels.

    `seconds` are per item; None without a clock.
    """

    topics: frozenset[tuple[str, str]]
    levels: frozenset[int]
    length: int
    aloud: bool
    seconds: int | None


def select(catalog: Catalog, choice: MockChoice, seed: str) -> list[Item]:
    """The items in order; the same seed selects the same items. Empty if no question fits."""
    source = random.Random(seed)
    topics = choice.topics or {
        (pack.slug, t) for pack in catalog.packs.values() for t in pack.topics
    }
    cards = [
        Candidate(Item(slug, "aloud", topic), (slug, topic))
        for slug, topic in sorted(topics)
        if choice.aloud and catalog.packs[slug].topics[topic].interview
    ]
    cards = balanced(cards, choice.length // ALOUD, source)
    questions = [
        Candidate(Item(slug, "question", question.id), (slug, topic), question.difficulty)
        for slug, topic in sorted(topics)
        for question in catalog.packs[slug].of_topic(topic)
        if not choice.levels or question.difficulty in choice.levels
    ]
    chosen = mixed(balanced(questions, choice.length - len(cards), source), source)
    return [one.thing for one in among(chosen, cards)] if chosen else []


def read(catalog: Catalog, sent: FormData) -> MockChoice:
    """Raises AnswerError on what the form does not offer."""
    known = {f"{p.slug}/{t}": (p.slug, t) for p in catalog.packs.values() for t in p.topics}
    chosen, levels = ([str(value) for value in sent.getlist(name)] for name in ("topic", "level"))
    length, clock = str(sent.get("length", USUAL_LENGTH)), str(sent.get("clock", ""))
    offered = (
        (set(chosen) <= set(known), "One of these topics is no longer here."),
        (set(levels) <= set(map(str, LEVELS)), "There is no such level."),
        (length in map(str, LENGTHS), "How many must be one of those offered."),
        (clock in CLOCKS, "The clock must be one of those offered."),
    )
    for fits, reason in offered:
        if not fits:
            raise AnswerError(f"{reason} Choose again.")
    return MockChoice(
        topics=frozenset(known[topic] for topic in chosen),
        levels=frozenset(map(int, levels)),
        length=int(length),
        aloud=bool(sent.get("aloud")),
        seconds=int(clock) if clock else None,
    )
