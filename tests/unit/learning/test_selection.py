"""The questions of a mock interview, from any pool of questions."""

import random
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quiz.learning.interview_selection import Candidate, among, balanced, mixed

POOLS = st.lists(st.tuples(st.sampled_from("abcde"), st.integers(1, 3)), max_size=40).map(
    lambda pairs: [Candidate(place, *pair) for place, pair in enumerate(pairs)]
)
SEEDS = st.integers(0, 999).map(random.Random)


@given(POOLS, st.integers(0, 20), SEEDS)
def test_the_requested_number_of_questions_is_chosen_each_once(
    pool: list[Candidate[int]], most: int, chance: random.Random
) -> None:
    chosen = balanced(pool, most, chance)
    assert len({one.thing for one in chosen}) == len(chosen) == min(most, len(pool))
    assert set(chosen) <= set(pool)


@given(POOLS, st.integers(1, 20), SEEDS)
def test_topics_are_chosen_evenly_while_they_have_questions(
    pool: list[Candidate[int]], most: int, chance: random.Random
) -> None:
    chosen = Counter(one.topic for one in balanced(pool, most, chance))
    there = Counter(one.topic for one in pool)
    unused = [topic for topic in there if chosen[topic] < there[topic]]
    assert all(max(chosen.values()) <= chosen[topic] + 1 for topic in unused)


def test_difficulties_are_as_even_as_the_topics_allow() -> None:
    pool = [Candidate((t, d, n), t, d) for t in "abcdef" for d in (1, 2, 3) for n in range(2)]
    for seed in range(20):
        chosen = balanced(pool, 12, random.Random(seed))
        assert Counter(one.difficulty for one in chosen) == {1: 4, 2: 4, 3: 4}


@given(POOLS, SEEDS)
def test_neighbours_have_different_topics_where_possible(
    pool: list[Candidate[int]], chance: random.Random
) -> None:
    order = mixed(pool, chance)
    assert sorted(one.thing for one in order) == sorted(one.thing for one in pool)
    most = max(Counter(one.topic for one in pool).values(), default=0)
    alike = sum(one.topic == other.topic for one, other in pairwise(order))
    # A topic of which there are more than of all others together meets itself just as often.
    assert alike == max(0, most - (len(pool) - most) - 1)


def test_equal_seeds_give_equal_selections() -> None:
    pool = [Candidate((t, n), t, n % 3 + 1) for t in "abcd" for n in range(9)]

    def drawn(seed: int) -> list[Candidate[tuple[str, int]]]:
        chance = random.Random(seed)
        return mixed(balanced(pool, 10, chance), chance)

    assert drawn(1) == drawn(1)
    assert len({tuple(drawn(seed)) for seed in range(10)}) == 10


@given(st.integers(1, 20), st.integers(0, 5))
def test_cards_are_placed_between_questions_and_never_first(many: int, aloud: int) -> None:
    questions = [Candidate(n, "q") for n in range(many)]
    cards = [Candidate(-n - 1, "aloud") for n in range(aloud)]
    order = among(questions, cards)
    assert [one for one in order if one.topic == "q"] == questions
    assert [one for one in order if one.topic == "aloud"] == cards
    assert order[0].topic == "q"
