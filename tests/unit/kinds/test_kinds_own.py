"""The rules of single kinds: choice, order, number and text."""

from pathlib import Path

import pytest
from starlette.datastructures import FormData

from quiz.questions.answers import AnswerError
from quiz.questions.base import Question
from tests.kinds import drawn, sent
from tests.packs import SOUND, problems, question, sound

# Choice

MORE = (
    "    explanation: One after another.",
    "      - {id: also, text: Also this, key: true, why: Yes.}\n"
    "      - {text: '`Not` this', why: No.}\n"
    "    explanation: One after another.",
)


@pytest.fixture
def several(tmp_path: Path) -> Question:
    """Two keys, o2 and also, and two distractors, o1 and o4."""
    return question(tmp_path, "total", sound(MORE))


@pytest.mark.parametrize(
    ("chosen", "score", "feedback"),
    [
        (["o2", "also"], 1.0, "Right."),
        (["o2"], 0.5, "Partly right: 1 of 2 right answers."),
        (["o2", "also", "o1"], 0.5, "Partly right: 2 of 2 right answers, and 1 that is not true."),
        (["o1"], 0.0, "Not yet: 0 of 2 right answers, and 1 that is not true."),
        (["o1", "o4", "o2"], 0.0, "Not yet: 1 of 2 right answers, and 2 that are not true."),
        (
            ["o1", "o2", "also", "o4"],
            0.0,
            "Not yet: 2 of 2 right answers, and 2 that are not true.",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, list) else None,
)
def test_a_choice_with_several_keys_gives_partial_credit(
    several: Question, chosen: list[str], score: float, feedback: str
) -> None:
    grade = several.grade(chosen)
    assert (grade.score, grade.feedback) == (score, feedback)


def test_several_keys_need_checkboxes_and_one_key_needs_radios(
    several: Question, tmp_path: Path
) -> None:
    boxes = drawn(several, "question", several.view(None, ""))
    radios = question(tmp_path, "total")
    assert boxes.count('type="checkbox"') == 4
    assert "Choose all that apply" in boxes
    assert drawn(radios, "question", radios.view(None, "")).count('type="radio"') == 2


def test_an_answer_lists_each_option_once_in_file_order(several: Question) -> None:
    pairs = [("answer", id) for id in ("also", "o1", "also")]
    assert several.parse(sent(pairs)) == ["o1", "also"]


def test_options_are_shuffled_per_learner_unless_the_pack_forbids_it(
    several: Question, tmp_path: Path
) -> None:
    orders = {tuple(o.id for o in several.view(None, f"learner {n}").options) for n in range(30)}
    kept = sound(MORE, ("    options:\n", "    shuffle: false\n    options:\n"))
    still = question(tmp_path, "total", kept)
    assert len(orders) > 5
    assert [o.id for o in still.view(None, "any").options] == ["o1", "o2", "also", "o4"]


def test_each_option_says_whether_it_is_right_and_was_chosen(several: Question) -> None:
    view = several.view(["o1", "also"], "alice")
    words = {option.id: option.words for option in view.options}
    assert words == {
        "o1": "Your answer · Not true",
        "o2": "Right answer",
        "also": "Your answer · Right answer",
        "o4": "Not true",
    }


def test_a_misconception_behind_two_wrong_options_is_named_once(tmp_path: Path) -> None:
    text = sound(MORE, ("why: No.}", "why: No., misconception: overlap}"))
    shared = (
        "    true_if: {variant: gathered}\n",
        "    true_if: {variant: gathered}\n        misconception: overlap\n",
    )
    asked = question(tmp_path, "total", text.replace(*shared))
    assert asked.beliefs(["o1"]) == ["overlap"]
    assert asked.beliefs(["o1", "o2", "o4"]) == ["overlap"]
    assert asked.beliefs(["o2", "also"]) == []


GAPS = """\
  - id: gaps
    kind: cloze
    topic: order
    difficulty: 1
    demo: {name: task_order, variant: gathered}
    excerpt: both_tasks
    stem: What is missing?
    gaps:
      - {hides: await, why: It waits., slips: [{text: "no", why: No., misconception: overlap}]}
      - {hides: gather, why: Both., slips: [{text: run, why: No., misconception: overlap}]}
    explanation: It gathers.
"""


def test_a_misconception_behind_two_wrong_gaps_is_named_once(tmp_path: Path) -> None:
    asked = question(tmp_path, "gaps", SOUND + GAPS)
    assert asked.beliefs(["no", "run"]) == ["overlap"]
    assert asked.beliefs(["await", "gather"]) == []


def test_a_wrong_option_links_the_variant_in_which_it_is_right(tmp_path: Path) -> None:
    asked = question(tmp_path, "total")
    wrong = drawn(asked, "answered", asked.view(["o1"], ""))
    assert 'form="world-o1">See the world in which you are right' in wrong
    assert '<form id="world-o1" method="post" action="/demos/task_order/runs">' in wrong
    assert '<input type="hidden" name="variant" value="gathered">' in wrong
    assert "world-" not in drawn(asked, "answered", asked.view(["o2"], ""))


def test_an_option_shows_what_the_run_observed(tmp_path: Path) -> None:
    asked = question(tmp_path, "total")
    outcomes = asked.outcomes({"background_ms": 3010.0})
    html = drawn(asked, "answered", asked.view(["o1"], "", outcomes))
    assert "This run: held</b> <span>background work took 3.01 s" in html
    assert "This run: did not hold" in html
    assert asked.fact_paths == ("background_ms",)


def test_the_form_keeps_the_sent_answer(tmp_path: Path) -> None:
    choice, ordering, number = (question(tmp_path, id) for id in ("total", "lines", "seconds"))
    assert 'value="o1" checked' in drawn(
        choice, "question", choice.view(None, ""), sent=FormData({"answer": "o1"})
    )
    assert 'value="x"' in drawn(
        ordering, "question", ordering.view(None, ""), sent=FormData({"position-a": "x"})
    )
    assert 'value="&lt;3"' in drawn(
        number, "question", number.view(None, ""), sent=FormData({"answer": "<3"})
    )


# Ordering


@pytest.fixture
def lines(tmp_path: Path) -> Question:
    """a before b, c before b; a and c are free."""
    return question(tmp_path, "lines")


def placed(**places: int) -> FormData:
    return FormData([(f"position-{id}", str(place)) for id, place in places.items()])


@pytest.mark.parametrize(
    ("places", "score"),
    [
        ({"a": 1, "c": 2, "b": 3}, 1.0),
        ({"c": 1, "a": 2, "b": 3}, 1.0),
        ({"a": 1, "c": 1, "b": 2}, 1.0),
        ({"a": 1, "b": 1, "c": 1}, 0.0),
        ({"a": 1, "b": 2, "c": 3}, 0.5),
        ({"b": 1, "a": 2, "c": 3}, 0.0),
    ],
    ids=str,
)
def test_each_pair_in_the_right_order_scores(
    lines: Question, places: dict[str, int], score: float
) -> None:
    assert lines.grade(lines.parse(placed(**places))).score == score


def test_lines_with_the_same_number_share_a_place(lines: Question) -> None:
    assert lines.parse(placed(b=3, a=1, c=1)) == [["a", "c"], ["b"]]


def test_lines_are_never_shown_in_a_right_order(lines: Question) -> None:
    for learner in range(30):
        order = [[item.id] for item in lines.view(None, str(learner)).items]
        assert lines.grade(order).score < 1


def test_each_pair_says_whether_it_held_in_the_run(lines: Question) -> None:
    facts = {
        "call": {"task_a": {"ended_ms": 2000.0}, "task_b": {"started_ms": 2001.0}},
        "response": {"received_ms": 2500.0},
    }
    answer = [["b"], ["a"], ["c"]]
    html = drawn(lines, "answered", lines.view(answer, "", lines.outcomes(facts)))
    assert html.count("This run: held") == html.count("This run: did not hold") == 1
    assert "<span>task_a ended at 2.00 s</span> <span>task_b started at 2.00 s</span>" in html
    assert html.count("Not in your answer") == 2


def test_a_pair_without_its_events_in_the_run_is_not_false(lines: Question) -> None:
    facts = {"call": {"task_a": {"ended_ms": 2000.0}}, "response": {"received_ms": 9.0}}
    html = drawn(lines, "answered", lines.view(None, "", lines.outcomes(facts)))
    assert html.count("This run: cannot be said</b> <span>task_b never started") == 2


def test_a_pair_without_instants_has_no_outcome(tmp_path: Path) -> None:
    asked = question(tmp_path, "lines", sound((", at: call.task_a.ended_ms", "")))
    assert [name for name, _ in asked.claims()] == ["c b"]
    html = drawn(asked, "answered", asked.view(None, "", asked.outcomes({})))
    assert html.count("This run:") == 1


def test_the_shown_right_order_follows_the_pairs_then_the_file(lines: Question) -> None:
    assert [item.id for item in lines.view(None, "").right] == ["a", "c", "b"]


# Number


@pytest.fixture
def seconds(tmp_path: Path) -> Question:
    """3 s, give or take 0.2."""
    return question(tmp_path, "seconds")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3.0),
        ("3.0", 3.0),
        ("3,0", 3.0),
        (" 3 s", 3.0),
        ("3s", 3.0),
        ("3 S ", 3.0),
        ("+3.", 3.0),
        (",5", 0.5),
        ("\u22122", -2.0),
        ("2\u00a0s", 2.0),
        ("1e3", 1000.0),
        ("1.602E-19", 1.602e-19),
        ("1,602 × 10⁻¹⁹ s", 1.602e-19),
        ("2*10^3", 2000.0),
        ("1,000.5", 1000.5),
        ("1.000,5", 1000.5),
        ("1 234 567", 1234567.0),
        ("12'000,5", 12000.5),
        ("1,000,000", 1e6),
    ],
)
def test_a_number_can_be_written_in_many_ways(seconds: Question, text: str, value: float) -> None:
    assert seconds.parse(FormData([("answer", text)])) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "inf",
        "-inf",
        "1_0",
        "3 ms",
        "1,00.5",
        "12 34",
        "1e999",
        "1e-999",
        "٣",
        "9" * 400,
        "s",
    ],
)
def test_text_that_is_not_a_number_is_refused(seconds: Question, text: str) -> None:
    with pytest.raises(AnswerError, match=r"no number"):
        seconds.parse(FormData([("answer", text)]))


def test_the_tolerance_includes_both_limits(seconds: Question) -> None:
    scores = [seconds.grade(value).score for value in (2.8, 3.2, 2.79, 3.21)]
    assert scores == [1, 1, 0, 0]


def test_a_number_shows_the_answer_the_key_and_the_measured_value(seconds: Question) -> None:
    outcomes = seconds.outcomes({"background_ms": 3012.0})
    html = drawn(seconds, "answered", seconds.view(2.0, "", outcomes))
    for text in ("You said", "2 s", "The answer is", "3 s", "3.01 s", "This run: held"):
        assert text in html


def test_without_its_fact_a_number_has_no_outcome(seconds: Question) -> None:
    view = seconds.view(3.0, "", seconds.outcomes({}))
    assert view.seen is None
    assert view.outcome.held is None


def test_a_copy_with_another_answer_has_another_claim(seconds: Question) -> None:
    facts = {"background_ms": 3012.0}
    assert seconds.outcomes(facts)["answer"].held is True
    other = seconds.model_copy(update={"answer": 5.0})
    assert other.outcomes(facts)["answer"].held is False


def test_a_number_without_a_fact_needs_no_run(tmp_path: Path) -> None:
    text = SOUND.replace("    fact: background_ms / 1000.0\n", "").replace("    unit: s\n", "")
    asked = question(tmp_path, "seconds", text)
    assert asked.claims() == []
    assert asked.outcomes({}) == {}
    assert drawn(asked, "answered", asked.view(3.0, "")).count("3") > 0


# Text

WORD = """\
  - id: word
    kind: text
    topic: order
    difficulty: 1
    demo: {name: task_order, variant: gathered}
    stem: Which function overlaps them?
    accepted: [asyncio.gather, gather]
    says: call.task_a.error
    explanation: It gathers.
"""


@pytest.fixture
def word(tmp_path: Path) -> Question:
    """asyncio.gather, or gather."""
    return question(tmp_path, "word", SOUND + WORD)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("asyncio.gather", 1),
        (" GATHER ", 1),
        ("`asyncio.gather()`", 1),
        ("\u201cgather\u201d", 1),
        ("'gather' ", 1),
        ("gather(", 0),
        ("together", 0),
        ("asyncio gather", 0),
    ],
)
def test_every_spelling_of_a_word_is_right(word: Question, text: str, score: int) -> None:
    assert word.grade(word.parse(FormData([("answer", text)]))).score == score


def test_the_name_of_an_error_is_the_word_of_a_run(word: Question) -> None:
    facts = {"call": {"task_a": {"error": "Gather: <of two>"}}}
    outcome = word.outcomes(facts)["answer"]
    assert (outcome.held, outcome.value) == (True, "Gather")
    html = drawn(word, "answered", word.view("wait", "", word.outcomes(facts)))
    for text in ("You said <code>wait", "This run: held", "This run: <code>Gather</code>"):
        assert text in html


def test_another_word_in_the_run_contradicts_the_answer(word: Question) -> None:
    assert word.outcomes({"call": {"task_a": {"error": "ValueError: no"}}})["answer"].held is False
    unsaid = word.outcomes({"call": {"task_a": {}}})["answer"]
    assert (unsaid.held, unsaid.error) == (None, "task_a raised nothing")


def test_counts_of_a_word_join_right_spellings_and_sort_by_frequency(word: Question) -> None:
    counted = word.tally(["gather", "wait", "Gather()", "`x`` y", " WAIT", "wait"])
    assert [(count.text, count.n, count.right) for count in counted] == [
        ("`wait`", 3, False),
        ("`asyncio.gather`", 2, True),
        ("`x\u2032\u2032 y`", 1, False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[asyncio.gather, gather]", "[gather, Gather()]", "Gather() is accepted already"),
        ("[asyncio.gather, gather]", "['``']", "is no word"),
        ("call.task_a.error", "background_ms", "gives a number, not a text"),
        ("call.task_a.error", "call.task_z.error", "task_z"),
    ],
)
def test_an_invalid_word_question_is_reported_when_the_pack_loads(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    found = problems(tmp_path, SOUND + WORD.replace(old, new))
    assert [reason in problem.reason for problem in found] == [True]


def test_the_code_of_an_excerpt_comes_only_from_the_demo(tmp_path: Path) -> None:
    asked = question(tmp_path, "total")
    assert asked.code.startswith("@app.post(")
    assert "code" not in type(asked).model_json_schema()["properties"]
    found = problems(tmp_path, sound(("    excerpt: create_item", "    code: x = 1")))
    assert "is taken from the demo" in found[0].reason
