"""A predicted timeline: written and read again, graded on its relations, drawn on a grid."""

from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import FormData

from quiz.claims.relations import Relation, right_one, seen
from quiz.figure import Figure, Live, draw
from quiz.figure.model import Ghost
from quiz.kinds.predict import Predict
from quiz.packs.catalog import load
from quiz.questions import portable
from quiz.questions.answers import AnswerError
from quiz.questions.base import Question
from quiz.questions.prediction import LANES, Prediction, PredictionError, Stay
from quiz.questions.prediction_grid import Grid
from quiz.settings import Settings
from tests import timelines
from tests.packs import SOUND, problems, question
from tests.timelines import CAST

TWO = Prediction(0.5, {"a": Stay("event loop", 0, 4), "b": Stay("thread", 4, 6), "c": None}, 0)
WRITTEN = "slot:0.5,sent:0,a:event-loop:0:4,b:thread:4:6,c:never"

DRAWN = """\
  - id: drawn
    kind: predict
    topic: order
    difficulty: 1
    demo: {name: task_order}
    excerpt: create_item
    stem: Draw what happens.
    tasks: [task_a, task_b]
    slots: 4
    slot_seconds: 1
    relations:
      - {task: task_a, lane: event loop}
      - {task: task_a, after_response: true}
      - {task: task_b, follows: task_a}
    explanation: One after another.
"""


@pytest.fixture
def drawn(tmp_path: Path) -> Question:
    return question(tmp_path, "drawn", SOUND + DRAWN)


def sent(**fields: str) -> FormData:
    return FormData([(name.replace("_of_", "-"), value) for name, value in fields.items()])


def test_a_written_prediction_is_read_back_unchanged() -> None:
    assert str(TWO) == WRITTEN
    assert Prediction.read(WRITTEN) == TWO
    assert str(Prediction.read("slot:2,a:never")) == "slot:2,a:never"


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "a:never",
        "slot:0.5",
        "slot:0.5,sent:0",
        "slot:0,a:never",
        "slot:1e3,a:never",
        "slot:1,sent:99,a:never",
        "slot:1,sent:-1,a:never",
        "slot:1,a:never,sent:1",
        "slot:1,a:never,a:never",
        "slot:1,a:moon:0:1",
        "slot:1,a:thread:2:2",
        "slot:1,a:thread:0:25",
        "slot:1,a:thread:٠:1",
        "slot:1,<b>:never",
        "slot:1," + ",".join(f"task_{n}:never" for n in range(13)),
        "slot:1," + "a" * 1000 + ":never",
    ],
)
def test_malformed_predictions_are_refused(text: object) -> None:
    with pytest.raises(PredictionError):
        Prediction.read(text)


def test_a_prediction_is_described_in_words() -> None:
    assert TWO.says("b") == "in a thread, from 2 s to 3 s"
    assert TWO.says("c") == "never"
    assert TWO.end_ms == 3000


def relation(**fields: Any) -> Relation:
    return Relation.model_validate(fields)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({"task": "a", "lane": "event loop"}, True),
        ({"task": "a", "lane": "thread"}, False),
        ({"task": "c", "lane": "thread"}, False),
        ({"task": "c", "never": True}, True),
        ({"task": "a", "never": True}, False),
        ({"task": "a", "never": False}, True),
        ({"task": "nobody", "never": True}, False),
        ({"task": "a", "after_response": True}, True),
        ({"task": "b", "after_response": False}, False),
        ({"task": "c", "after_response": False}, False),
        ({"task": "b", "follows": "a"}, True),
        ({"task": "a", "follows": "b"}, False),
        ({"task": "b", "overlaps": "a"}, False),
        ({"task": "b", "follows": "c"}, False),
    ],
    ids=str,
)
def test_a_prediction_has_a_relation_or_not(said: dict[str, Any], held: bool) -> None:
    assert relation(**said).is_in(TWO) is held


def test_a_start_in_the_slot_of_the_response_counts_as_before_and_after() -> None:
    late = Prediction(1, {"a": Stay("thread", 1, 2), "b": Stay("thread", 2, 3)}, 2)
    for after, held in ((True, [False, True]), (False, [True, True])):
        assert [relation(task=t, after_response=after).is_in(late) for t in ("a", "b")] == held


def call(start: float, end: float | None, lane: str = "event loop", **more: Any) -> dict[str, Any]:
    times = {"started_ms": start} | ({} if end is None else {"ended_ms": end})
    return times | {"lane": lane, "process": 1, **more}


FACTS = {
    "response": {"sent_ms": 5.0},
    "call": {
        "a": call(5.2, 2000.0),
        "b": call(2000.1, 2500.0, "thread pool"),
        "d": call(7.0, 900.0, "arq 99", process=2),
        "e": call(2501.0, None, "arq 99", process=2),
    },
    "count": {"a": 1, "b": 1, "c": 0, "d": 1, "e": 1},
}


def test_each_relation_is_a_claim_that_a_run_decides() -> None:
    held = [
        relation(task="a", lane="event loop"),
        relation(task="b", lane="thread"),
        relation(task="d", lane="worker"),
        relation(task="c", never=True),
        relation(task="a", never=False),
        relation(task="a", after_response=True),
        relation(task="b", follows="a"),
        relation(task="d", overlaps="a"),
    ]
    assert [one.claim.check(FACTS).held for one in held] == [True] * len(held)
    assert [one.opposite.claim.check(FACTS).held for one in held] == [False] * len(held)


def test_relations_of_a_call_that_never_started_have_no_outcome() -> None:
    outcome = relation(task="c", lane="thread").claim.check(FACTS)
    assert outcome.held is None
    assert outcome.error == "c never started"


def test_a_run_has_only_relations_that_are_not_accidental() -> None:
    found = [one.name for one in seen(FACTS, ["a", "b", "c", "d", "e"])]
    assert found == [
        "a lane event loop",
        "a after_response True",
        "b lane thread",
        "b after_response True",
        "c never True",
        "d lane worker",  # and not that it came 2 ms after the response
        "e lane worker",
        "e after_response True",
        "d overlaps a",
        "b follows a",
        "b follows d",
    ]


def test_an_order_within_one_slot_is_no_relation() -> None:
    facts = {"response": {"sent_ms": 5.0}, "count": {"a": 1, "b": 1}}
    calls = {"call": {"a": call(1.0, 2.0), "b": call(6.0, 900.0)}}
    pairs = [[one.what for one in seen(facts | calls, "ab", slot)] for slot in (4, 250)]
    assert ["follows" in whats for whats in pairs] == [True, False]


def test_the_right_prediction_has_all_relations_as_early_as_possible() -> None:
    said = [
        relation(task="a", after_response=False),
        relation(task="b", after_response=True),
        relation(task="b", overlaps="a"),
        relation(task="c", follows="b"),
        relation(task="c", lane="thread"),
        relation(task="d", never=True),
    ]
    found = right_one(said, ["a", "b", "c", "d"], LANES, 8, 0.5)
    text = "slot:0.5,sent:0,a:event-loop:0:1,b:event-loop:0:1,c:thread:1:2,d:never"
    assert str(found) == text


@pytest.mark.parametrize(
    "said",
    [
        [{"task": "a", "follows": "b"}, {"task": "b", "follows": "a"}],
        [{"task": "a", "follows": "b"}, {"task": "b", "overlaps": "a"}],
        [{"task": "a", "never": True}, {"task": "b", "follows": "a"}],
        [{"task": "a", "never": True}, {"task": "a", "lane": "thread"}],
        [{"task": "a", "lane": "worker"}, {"task": "a", "lane": "thread"}],
        [{"task": "a", "after_response": False}, {"task": "b", "after_response": True}]
        + [{"task": "a", "follows": "b"}],
    ],
    ids=str,
)
def test_contradictory_relations_have_no_right_prediction(said: list[dict[str, Any]]) -> None:
    assert right_one([relation(**one) for one in said], ["a", "b"], LANES, 8, 0.5) is None


def test_the_right_prediction_of_every_shipped_question_fits_its_grid() -> None:
    asked = [q for pack in load(Settings()).packs.values() for q in pack.questions]
    drawn = [q for q in asked if isinstance(q, Predict)]
    assert drawn
    for one in drawn:
        assert one.grade(str(one.right)).score == 1
        bars = one.grid.drawn(one.right).bars
        assert all(bar.x >= 0 and bar.x + bar.width <= 100 for bar in bars), one.id


# The question.


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("follows: task_a", "follows: task_b", "cannot hold together", "task_a, lane"),
        ("slots: 4", "slots: 2", "greater than or equal to 3", "slots: 2"),
        ("follows: task_a", "follows: create_item", "is not among the tasks", "create_item}"),
        ("[task_a, task_b]", "[task_a, task_z]", "task_z is not a function", "task_z]"),
        ("lane: event loop", "lane: worker, never: true", "says 2 things", "never: true"),
        ("lane: event loop", "lane: moon", "should be 'event loop'", "moon"),
        ("after_response: true", "lane: event loop", "stands here twice", "task_a, lane"),
    ],
)
def test_an_invalid_prediction_question_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, reason: str, line: str
) -> None:
    text = SOUND + DRAWN.replace(old, new)
    found = [problem for problem in problems(tmp_path, text) if reason in problem.reason]
    assert [line in text.split("\n")[problem.line - 1] for problem in found] == [True]


def test_the_right_lane_has_to_be_offered(tmp_path: Path) -> None:
    text = DRAWN.replace("    slots", "    lanes: [thread, worker]\n    slots")
    found = problems(tmp_path, SOUND + text)
    assert [problem.reason for problem in found] == ["event loop is not offered"]


def test_each_relation_has_the_same_weight(drawn: Question) -> None:
    answers = {
        "slot:1,sent:0,task_a:event-loop:0:1,task_b:worker:1:4": 1.0,
        "slot:1,sent:0,task_a:event-loop:0:2,task_b:thread:1:2": 2 / 3,
        "slot:1,sent:2,task_a:thread:0:2,task_b:thread:2:3": 1 / 3,
        "slot:1,sent:4,task_a:never,task_b:never": 0.0,
    }
    assert {text: drawn.grade(text).score for text in answers} == answers


def test_a_prediction_without_a_place_for_each_task_is_refused(drawn: Question) -> None:
    whole = {"lane_of_task_a": "thread", "start_of_task_a": "0", "length_of_task_a": "1"}
    with pytest.raises(AnswerError, match="task_b has no place yet"):
        drawn.parse(sent(**whole))
    with pytest.raises(AnswerError, match="The response has no place yet"):
        drawn.parse(sent(**whole, lane_of_task_b="never"))
    kept = drawn.parse(sent(**whole, lane_of_task_b="never", sent="2"))
    assert kept == "slot:1,sent:2,task_a:thread:0:1,task_b:never"


def test_a_prediction_is_exported_with_true_and_false_relations(drawn: Question) -> None:
    found = drawn.plain()
    assert isinstance(found, portable.Options)
    assert found.multiple
    assert [option.text for option in found.options if option.right] == [
        "`task_a` runs on the event loop",
        "`task_a` starts after the response was sent",
        "`task_b` starts after `task_a` has ended",
    ]
    assert [option.text for option in found.options if not option.right] == [
        "`task_a` runs in a thread",
        "`task_a` starts before the response was sent",
        "`task_b` and `task_a` overlap",
    ]


# The grid.

GRID = Grid(("a", "b"), 4, 0.5, whole=False)


def test_a_bar_longer_than_the_grid_ends_with_the_grid() -> None:
    form = sent(lane_of_a="thread", start_of_a="3", length_of_a="4")
    assert GRID.parse(form).tasks == {"a": Stay("thread", 3, 4)}


def test_a_prediction_on_the_page_of_a_demo_cannot_be_empty() -> None:
    with pytest.raises(AnswerError, match="Nothing is predicted yet"):
        GRID.parse(sent(lane_of_a="", sent="0"))


@pytest.mark.parametrize("slot", ["", "4", "-1", "1.0", "x", "٣", "0000"])
def test_an_invalid_slot_is_refused(slot: str) -> None:
    with pytest.raises(AnswerError, match=r"\.$"):
        GRID.parse(sent(lane_of_a="thread", start_of_a=slot, length_of_a="1"))


def test_a_sent_prediction_stays_in_the_grid() -> None:
    given = {"lane-a": "thread", "start-a": "2", "length-a": "2", "lane-b": "", "sent": "1"}
    picture = GRID.blank(given)
    places = {bar.task: (bar.x, bar.width, bar.says) for bar in picture.bars}
    assert places["a"] == (50, 50, "in a thread, from 1 s to 2 s")
    assert places["b"][2] == "not placed yet"
    assert picture.sent
    assert picture.sent.x == 25


def test_a_refused_form_loses_only_its_invalid_values() -> None:
    assert {bar.says for bar in GRID.blank({"lane-a": "moon"}).bars} == {"not placed yet"}


# The figure.


def foretold(text: str, **more: Any) -> Figure:
    return draw(timelines.one_by_one(), prediction=Prediction.read(text), **more)


def ghosts(figure: Figure) -> dict[str, tuple[str, Ghost]]:
    return {ghost.task: (lane.name, ghost) for lane in figure.lanes for ghost in lane.ghosts}


def test_a_prediction_in_the_right_lane_is_drawn_around_the_bar() -> None:
    figure = foretold("slot:1,sent:0,task_a:event-loop:0:1,task_b:event-loop:1:2")
    bars = {bar.span.name: bar for lane in figure.lanes for bar in lane.bars}
    for task, (lane, ghost) in ghosts(figure).items():
        assert lane == "event loop"
        assert ghost.y < bars[task].y < ghost.y + ghost.height
        assert ghost.label is None
    assert "predicted" in figure.legend


def test_a_predicted_bar_shares_its_row_with_no_other_bar() -> None:
    """task_b is predicted while task_a runs, so the two bars do not share a row."""
    figure = foretold("slot:1,task_b:event-loop:0:1")
    bars = {bar.span.name: bar for lane in figure.lanes for bar in lane.bars}
    assert bars["task_a"].y != bars["task_b"].y
    assert draw(timelines.one_by_one()).lanes != figure.lanes


def test_a_prediction_in_a_wrong_lane_has_its_own_row_and_label() -> None:
    figure = foretold("slot:1,task_a:worker:0:2,task_b:thread:2:3,create_item:never")
    found = ghosts(figure)
    assert {task: lane for task, (lane, _) in found.items()} == {
        "task_a": "another process",
        "task_b": "thread pool",
    }
    labels = [ghost.label.whole for _, ghost in found.values() if ghost.label]
    assert sorted(labels) == ["task_a · predicted", "task_b · predicted"]


def test_a_prediction_after_the_response_starts_at_the_line_of_the_response() -> None:
    figure = foretold("slot:1,sent:0,task_a:event-loop:0:2")
    _, ghost = ghosts(figure)["task_a"]
    assert figure.rule is not None
    assert ghost.first >= figure.rule
    early = ghosts(foretold("slot:1,sent:1,task_a:event-loop:0:2"))["task_a"][1]
    assert early.first < figure.rule


def test_the_axis_includes_the_whole_prediction() -> None:
    figure = foretold("slot:1,sent:6,task_a:event-loop:0:8")
    assert figure.scale.end_ms >= 8000
    assert figure.predicted_rule == figure.scale.place(6000)
    live = foretold("slot:1,task_a:event-loop:0:8", live=Live(1000, 3000))
    assert live.scale.end_ms >= 8000


def test_the_table_contains_the_prediction_in_words() -> None:
    figure = foretold("slot:0.5,sent:2,task_a:thread:0:4,task_b:never")
    assert figure.predicted == (
        ("task_a", "in a thread, from 0 s to 2 s"),
        ("task_b", "never"),
        ("the response", "sent after 1 s"),
    )


@pytest.mark.parametrize("name", sorted(CAST))
def test_labels_do_not_overlap_predicted_bars(name: str) -> None:
    timeline = CAST[name]()
    names = list(dict.fromkeys(span.name for span in timeline.spans if span.is_call))[:3]
    stays = {task: Stay(LANES[place % 3], place, place + 2) for place, task in enumerate(names)}
    figure = draw(timeline, prediction=Prediction(0.5, stays or {"x": None}, 0))
    for lane in figure.lanes:
        rows = sorted((ghost.y, ghost.height) for ghost in lane.ghosts)
        assert all(y + height <= lane.height for y, height in rows)
        own = [ghost for ghost in lane.ghosts if ghost.label]
        assert not {ghost.y for ghost in own} & {bar.y for bar in lane.bars}
