"""Selects what a mock interview asks: balanced by topic and difficulty, and mixed.

The same seed gives the same selection. Knows the topics of questions, not their texts.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Thing]):
    thing: Thing
    topic: Hashable
    difficulty: int = 0


def balanced(
    candidates: Iterable[Candidate[Thing]], most: int, chance: random.Random
) -> list[Candidate[Thing]]:
    """At most `most` candidates: as many of each topic and, if possible, of each difficulty."""
    by_topic: dict[Hashable, list[Candidate[Thing]]] = defaultdict(list)
    for one in candidates:
        by_topic[one.topic].append(one)
    topics = list(by_topic.values())
    chance.shuffle(topics)
    for rest in topics:
        chance.shuffle(rest)
    chosen: list[Candidate[Thing]] = []
    taken: Counter[int] = Counter()
    while topics and len(chosen) < most:
        for rest in topics[: most - len(chosen)]:
            rarest = min(rest, key=lambda one: taken[one.difficulty])
            rest.remove(rarest)
            taken[rarest.difficulty] += 1
            chosen.append(rarest)
        topics = [rest for rest in topics if rest]
    return chosen


def mixed(chosen: Sequence[Candidate[Thing]], chance: random.Random) -> list[Candidate[Thing]]:
    """The candidates in an order whose neighbours differ in topic, if that is possible."""
    left = list(chosen)
    chance.shuffle(left)
    order: list[Candidate[Thing]] = []
    while left:
        many = Counter(one.topic for one in left)
        last = order[-1].topic if order else None
        other = [one for one in left if one.topic != last or not order] or left
        # A topic that has more than half of the rest must come first.
        pressing = [one for one in other if 2 * many[one.topic] > len(left)]
        order.append((pressing or other)[0])
        left.remove(order[-1])
    return order


def among(
    questions: Sequence[Candidate[Thing]], aloud: Sequence[Candidate[Thing]]
) -> list[Candidate[Thing]]:
    """The questions with the cards at even distances between them. No card comes first."""
    order = list(questions)
    step = len(order) / (len(aloud) + 1)
    for place, card in enumerate(aloud, 1):
        order.insert(max(1, round(step * place)) + place - 1, card)
    return order
