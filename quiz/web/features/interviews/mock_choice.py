"""What one may choose for a mock interview, and the items that a choice comes to. Pure."""

import random
from dataclasses import dataclass

from starlette.datastructures import FormData

from quiz.learning.interview_selection import Candidate, among, balanced, mixed
from quiz.packs.catalog import Catalog
from quiz.questions.base import AnswerError
from quiz.storage.mock_interviews import Item

LENGTHS = (5, 10, 20)
USUAL_LENGTH = 10
# Seconds for each thing that is asked.
CLOCKS = {"": "No clock", "60": "A minute each", "120": "Two minutes each"}
LEVELS = {1: "A definition", 2: "In between", 3: "A surprise"}
# One in so many is said aloud.
ALOUD = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What one chose; no topics or levels are all of them."""

    topics: frozenset[tuple[str, str]]
    levels: frozenset[int]
    length: int
    aloud: bool
    seconds: int | None
    """For each thing that is asked; None without a clock."""


def select(catalog: Catalog, wish: Wish, seed: str) -> list[Item]:
    chance = random.Random(seed)
    topics = wish.topics or {(pack.slug, t) for pack in catalog.packs.values() for t in pack.topics}
    cards = [
        Candidate(Item(slug, "aloud", topic), (slug, topic))
        for slug, topic in sorted(topics)
        if wish.aloud and catalog.packs[slug].topics[topic].interview
    ]
    cards = balanced(cards, wish.length // ALOUD, chance)
    questions = [
        Candidate(Item(slug, "question", question.id), (slug, topic), question.difficulty)
        for slug, topic in sorted(topics)
        for question in catalog.packs[slug].of_topic(topic)
        if not wish.levels or question.difficulty in wish.levels
    ]
    chosen = mixed(balanced(questions, wish.length - len(cards), chance), chance)
    return [one.thing for one in among(chosen, cards)] if chosen else []


def read(catalog: Catalog, sent: FormData) -> Wish:
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
    return Wish(
        topics=frozenset(known[topic] for topic in chosen),
        levels=frozenset(map(int, levels)),
        length=int(length),
        aloud=bool(sent.get("aloud")),
        seconds=int(clock) if clock else None,
    )
