"""Hints on a valid pack: what could be better, and where. No hint is an error."""

import os
from pathlib import Path

import pytest

from quiz.demos.loader import load_demos
from quiz.demos.model import Demo
from quiz.documents.yaml_document import Problem
from quiz.packs.check import check
from quiz.settings import Settings
from tests.packs import settings, write

EXPLANATION = "The list is awaited item by item, so the sum is what it takes in all. " * 4
ANSWER = "One after another, in the order in which they were added, and then it ends. " * 5
FOLLOW_UP = "{ask: And gathered?, demo: {name: task_order, variant: gathered}}"
QUESTION = f"""\
  - id: total
    kind: choice
    topic: order
    difficulty: 1
    demo: {{name: task_order, variant: one_by_one}}
    stem: A awaits {{task_a_seconds}} s, B awaits {{task_b_seconds}} s. How long in all?
    shuffle: false
    options:
      - text: One second
        holds: background_ms < 1500.0
        why: Both run.
        misconception: last-one-wins
      - text: Two seconds
        holds: background_ms >= 1500.0 && background_ms < 2500.0
        why: Nothing overlaps.
        misconception: async-means-parallel
      - text: Just three
        key: true
        holds: background_ms >= 2950.0
        why: The sum.
    explanation: {EXPLANATION}
    rule: A list takes the sum.
    see: [https://starlette.dev/background/]
"""
# What is weak about it: one question is no sitting.
PACK = f"""\
pack: small
title: A small pack
topics:
  order:
    title: Order
    interview:
      ask: In which order?
      answer: {ANSWER}
      follow_ups: [{FOLLOW_UP}, {FOLLOW_UP}]
questions:
{QUESTION}"""
ONE_QUESTION = "5:5: topics.order: has 1 question. A sitting is 6 to 10."


def hints_of(folder: Path, text: str) -> list[str]:
    """The hints without their file name. The pack must be valid, because others get no hints."""
    file = write(folder, text)
    report = check(settings(folder), [file])
    assert report.problems == []
    return [str(hint).partition("small.yaml:")[2] for hint in report.hints]


def changed(*changes: tuple[str, str]) -> str:
    text = PACK
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def several(count: int, *changes: tuple[str, str]) -> str:
    """The pack with this number of questions, which differ in their stems."""
    questions = changed(*changes).partition("questions:\n")[2]
    copies = [
        questions.replace("id: total", f"id: total-{n}").replace("How long", f"Of {n}, how long")
        for n in range(count)
    ]
    return PACK.partition("questions:\n")[0] + "questions:\n" + "".join(copies)


def test_a_good_question_gets_no_hint(tmp_path: Path) -> None:
    assert hints_of(tmp_path, PACK) == [ONE_QUESTION]
    assert hints_of(tmp_path / "six", several(6)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "How long in all?",
            "How long does it not take?",
            "16:11: questions[0].stem: asks with 'not': a learner who knows it still misreads it. "
            "Ask what does happen.",
        ),
        (
            "How long in all?",
            "Choose all that are false.",
            "16:11: questions[0].stem: asks with 'false': a learner who knows it still misreads "
            "it. Ask what does happen.",
        ),
        (
            "- text: Two seconds",
            "- text: Between two and a half and three seconds",
            "19:7: questions[0].options: have texts of 10 to 40 characters. "
            "Make them alike in length and form.",
        ),
        (
            "- text: Two seconds",
            "- text: All of the above",
            "23:15: questions[0].options[\"All of the above\"].text: says 'All of the above'. "
            "Let several options be keys instead.",
        ),
        (
            "- text: Two seconds",
            "- text: About 80 ms",
            '23:15: questions[0].options["About 80 ms"].text: is a guess of milliseconds. '
            "Ask what comes first or what waits, or name a parameter.",
        ),
        (
            "        misconception: last-one-wins\n",
            "",
            '19:9: questions[0].options["One second"].misconception: is missing. '
            "Name the belief behind it.",
        ),
        (
            "        holds: background_ms < 1500.0\n",
            "",
            '19:9: questions[0].options["One second"].holds: is missing. '
            "Say what this option claims of a run.",
        ),
        (
            "The list is awaited",
            "So it is, and " * 15 + "the list is awaited",
            "31:18: questions[0].explanation: has 124 words. Say the mechanism in 40 to 90 words.",
        ),
        (
            "    rule: A list takes the sum.\n",
            "",
            "11:5: questions[0].rule: is missing. Add a rule of thumb, one sentence.",
        ),
        (
            "rule: A list takes the sum.",
            "rule: A list takes the sum. Gather what may overlap.",
            "32:11: questions[0].rule: is more than one sentence. Keep the one to remember.",
        ),
        (
            "    see: [https://starlette.dev/background/]\n",
            "",
            "11:5: questions[0].see: is missing. "
            "Add a page of documentation, or a thread where people got it wrong.",
        ),
        (
            "answer: One",
            "answer: " + "Well, " * 30 + "one",
            "8:15: topics.order.interview.answer: has 105 words. "
            "Answer in 60 to 90 words: half a minute, said aloud.",
        ),
        (
            f", {FOLLOW_UP}",
            "",
            "9:19: topics.order.interview.follow_ups: are 1. "
            "Add the 2 that an interviewer asks next.",
        ),
        (
            f", {FOLLOW_UP}",
            ", {ask: And who knows?}",
            "9:87: topics.order.interview.follow_ups[1].demo: is missing. "
            "Name the demo that answers it.",
        ),
    ],
)
def test_a_weak_question_gets_a_hint_with_place_and_remedy(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    found = hints_of(tmp_path, changed((old, new)))
    assert [hint for hint in found if hint != ONE_QUESTION] == [expected]


def test_a_question_asked_twice_gets_a_hint(tmp_path: Path) -> None:
    again = QUESTION.replace("id: total", "id: again")
    assert (
        "39:11: questions[1].stem: is asked in total already. "
        "Ask something else, or say what differs."
    ) in hints_of(tmp_path, PACK + again)


def test_the_option_it_depends_needs_a_claim(tmp_path: Path) -> None:
    vague = ("- text: Two seconds", "- text: It depends")
    without = ("        holds: background_ms >= 1500.0 && background_ms < 2500.0\n", "")
    assert not any("depends" in hint for hint in hints_of(tmp_path, changed(vague)))
    assert any("says 'It depends'" in hint for hint in hints_of(tmp_path, changed(vague, without)))


def test_two_options_are_too_few(tmp_path: Path) -> None:
    start, end = PACK.index("      - text: Two"), PACK.index("      - text: Just")
    assert any("has 2 options" in hint for hint in hints_of(tmp_path, PACK[:start] + PACK[end:]))


NUMBER = f"""\
  - id: guess
    kind: number
    topic: order
    difficulty: 1
    stem: How many milliseconds does it take?
    answer: 3
    unit: ms
    explanation: {EXPLANATION}
    rule: A list takes the sum.
    see: [https://starlette.dev/background/]
"""


def test_milliseconds_without_a_demo_get_two_hints(tmp_path: Path) -> None:
    found = hints_of(tmp_path, PACK + NUMBER)
    assert [hint.partition(": ")[2] for hint in found[1:]] == [
        "questions[1].demo: is missing. Name a demo that shows it.",
        "questions[1].unit: asks for milliseconds. Ask what comes first or what waits.",
    ]


def test_milliseconds_of_a_parameter_get_no_hint(tmp_path: Path) -> None:
    stated = changed(("- text: Two seconds", "- text: After {task_b_seconds} s"))
    assert hints_of(tmp_path, stated) == [ONE_QUESTION]


def test_equal_sets_of_numbers_get_a_hint(tmp_path: Path) -> None:
    demo = "variant: one_by_one}\n"
    sets = "[{task_a_seconds: 2}, {task_a_seconds: 3}, {task_a_seconds: 3.0}]"
    told = hints_of(tmp_path, changed((demo, f"{demo}    vary: {sets}\n")))
    others = [hint for hint in told if "vary" in hint]
    assert [hint.partition("vary")[2] for hint in others] == [
        "[0]: has the numbers of another. Change one, or remove it.",
        "[2]: has the numbers of another. Change one, or remove it.",
    ]
    silent = ("A awaits {task_a_seconds} s, B", "B")
    told = hints_of(tmp_path, changed((demo, f"{demo}    vary: [{{task_a_seconds: 3}}]\n"), silent))
    assert any("changes nothing that a learner sees" in hint for hint in told)


@pytest.mark.parametrize(
    ("text", "word"), [("Three seconds in all", "longest"), ("Three s", "shortest")]
)
def test_right_options_revealed_by_their_length_get_a_hint_per_pack(
    tmp_path: Path, text: str, word: str
) -> None:
    given_away = hints_of(tmp_path, several(6, ("Just three", text)))
    assert f"in 6 of 6 the right option is the {word}: total-0, total-1" in given_away[0]


def test_listed_concepts_and_misconceptions_have_to_be_used(tmp_path: Path) -> None:
    lists = "concepts: {waits: It waits}\nmisconceptions: {last-one-wins: The last wins.}\n"
    text = changed(("topics:\n", f"{lists}topics:\n"), ("async-means-parallel", "last-one-wins"))
    assert hints_of(tmp_path, text)[0] == (
        "3:19: concepts.waits: is named by no question. Use or remove it."
    )
    assert "concept: is missing. Name one of the pack's concepts." in hints_of(tmp_path, text)[-1]


def test_a_pack_of_only_easy_questions_gets_a_hint(tmp_path: Path) -> None:
    found = hints_of(tmp_path, several(20))
    assert any("20 of 20 are of difficulty 1. About 40% is a good" in hint for hint in found)


def test_the_shipped_packs_get_no_hints() -> None:
    assert check(Settings.read(os.environ)).hints == []


LINE = """\
  - id: where
    kind: line
    topic: order
    difficulty: 1
    demo: {name: task_order, variant: one_by_one}
    excerpt: create_item
    stem: Which line responds?
    line: 'return {"status"'
    why: It returns the body.
    others: [{line: task_a, why: It schedules., misconception: tasks-respond}]
    explanation: The handler returns.
"""


def test_a_misconception_that_a_line_names_counts_as_used(tmp_path: Path) -> None:
    lists = "misconceptions: {tasks-respond: A task responds., unused: Nothing.}\n"
    text = changed(("        misconception: last-one-wins\n", ""), ("topics:", f"{lists}topics:"))
    text = text.replace("        misconception: async-means-parallel\n", "") + LINE
    unused = [hint for hint in hints_of(tmp_path, text) if "is named by no question" in hint]
    assert [hint.split(": ")[1] for hint in unused] == ["misconceptions.unused"]


def test_a_check_loads_the_demos_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Path, ...]] = []

    def counted(*roots: Path) -> tuple[dict[str, Demo], list[Problem]]:
        calls.append(roots)
        return load_demos(*roots)

    monkeypatch.setattr("quiz.packs.catalog.load_demos", counted)
    file = write(tmp_path, PACK)
    assert check(settings(tmp_path), [file]).hints != []
    assert len(calls) == 1
