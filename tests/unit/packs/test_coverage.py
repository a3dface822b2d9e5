"""docs/claims.md: every claim of the source and beyond it is taught at places that exist."""

import os
import re
from pathlib import Path

import pytest

from quiz.packs.catalog import load
from quiz.questions.base import Question
from quiz.settings import Settings

TABLE = (Path(__file__).parents[3] / "docs" / "claims.md").read_text(encoding="utf-8")
PACK = load(Settings.read(os.environ)).packs["background-tasks"]

# How many claims each question of the source makes, and how many were measured beyond it.
CLAIMS = {1: 11, 2: 8, 3: 7, 4: 10, 5: 16, 6: 10, 7: 17, 8: 11, 9: 10, 10: 10, 11: 8}
BEYOND = 25

THREAD = re.compile(
    r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull|discussions)/\d+$"
    r"|https://stackoverflow\.com/questions/\d+"
)


def rows(id_pattern: str) -> list[tuple[str, str, list[str]]]:
    """The first cell, the one in the middle and the places of each row."""
    found = re.findall(rf"^\| ({id_pattern}) \| (.+) \| (`.+`) \|$", TABLE, re.M)
    return [(first, middle, re.findall(r"`([^`]+)`", where)) for first, middle, where in found]


SOURCE = rows(r"\d+\.\d+")
MEASURED = rows(r"b\d+")
BELIEFS = [row for row in rows(r"[^|]+") if THREAD.match(row[1])]


def question(place: str) -> Question:
    found = PACK.question(place)
    assert found, f"{place} is no question of the pack"
    return found


def test_every_statement_of_the_source_has_a_row_in_order() -> None:
    wanted = [f"{number}.{n + 1}" for number, count in CLAIMS.items() for n in range(count)]
    assert [claim for claim, _, _ in SOURCE] == wanted


def test_every_additional_fact_has_a_row_in_order() -> None:
    assert [claim for claim, _, _ in MEASURED] == [f"b{n + 1}" for n in range(BEYOND)]


def test_the_test_reads_every_row() -> None:
    heads = 2 * TABLE.count("\n|---|")
    assert TABLE.count("\n| ") + TABLE.count("\n|-") == heads + len(SOURCE + MEASURED + BELIEFS)


@pytest.mark.parametrize(("claim", "places"), [(row[0], row[2]) for row in SOURCE + MEASURED])
def test_a_statement_is_taught_by_existing_questions_and_cards(
    claim: str, places: list[str]
) -> None:
    for place in places:
        if place.startswith("card:"):
            topic = PACK.topics.get(place.removeprefix("card:"))
            assert topic, f"{claim}: {place} is not a topic"
            assert topic.interview, f"{claim}: {place} has no card"
        else:
            question(place)


@pytest.mark.parametrize("number", CLAIMS)
def test_each_question_of_the_source_is_asked_about(number: int) -> None:
    claimed = {place for claim, _, at in SOURCE if claim.startswith(f"{number}.") for place in at}
    assert claimed & {asked.id for asked in PACK.questions if asked.source == number}


@pytest.mark.parametrize(("belief", "thread", "places"), BELIEFS)
def test_a_question_on_a_misconception_cites_its_thread(
    belief: str, thread: str, places: list[str]
) -> None:
    assert all(thread in question(place).see for place in places), belief


def test_twenty_questions_from_beyond_the_source_cite_a_thread() -> None:
    beyond = {place for _, _, places in MEASURED + BELIEFS for place in places}
    asked = [question(place) for place in beyond if not place.startswith("card:")]
    citing = [each.id for each in asked if any(THREAD.match(link) for link in each.see)]
    assert len(citing) >= 20
