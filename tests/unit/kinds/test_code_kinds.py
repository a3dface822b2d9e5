"""Kinds that ask about code, a line or a gap, and the kind that matches runs with claims."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from quiz.kinds.cloze import Cloze
from quiz.kinds.line import LineQuestion
from quiz.kinds.match import Match
from quiz.packs.catalog import load
from quiz.questions.base import Question
from quiz.settings import Settings
from tests import packs

PACK = load(Settings()).packs["background-tasks"]
HEAD = """\
pack: code
title: Code
topics: {first: {title: First}}
misconceptions: {all-run: All of them run., none-runs: None of them runs.}
questions:
  - id: asked
    topic: first
    difficulty: 1
    demo: {name: failing_task, variant: one_by_one}
    excerpt: create_order
    stem: Which one?
    explanation: So.
"""
LINE = (
    HEAD
    + """\
    kind: line
    line: add_task(update_statistics
    holds: count.update_statistics == 0
    why: Behind the one that raises.
    others:
      - line: add_task(send_receipt
        why: It ran before.
        misconception: none-runs
"""
)
CLOZE = (
    HEAD
    + """\
    kind: cloze
    gaps:
      - hides: notify_partner
        also: ["partner . notify"]
        why: It raises.
        slips: [{text: call_partner, why: There is none., misconception: all-run}]
      - {hides: send_receipt, why: It comes first.}
    holds: count.update_statistics == 0
"""
)


def kind(name: str) -> Question:
    return next(question for question in PACK.questions if question.kind == name)


def asked(folder: Path, text: str) -> Question:
    return packs.question(folder, "asked", text)


def faults(folder: Path, text: str) -> list[str]:
    return [problem.reason for problem in packs.problems(folder, text)]


def test_a_line_is_found_by_a_piece_of_its_text(tmp_path: Path) -> None:
    found = asked(tmp_path, LINE)
    assert isinstance(found, LineQuestion)
    assert "update_statistics" in found.code.splitlines()[found.key - 1]
    assert found.grade(found.key).score == 1
    assert found.grade(found.key - 1).score == 0


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        ("add_task(nothing", "add_task(nothing stands in no line of the excerpt"),
        ("add_task(", "add_task( stands in several lines of the excerpt"),
    ],
)
def test_a_piece_has_to_match_one_line_only(tmp_path: Path, piece: str, reason: str) -> None:
    assert faults(tmp_path, LINE.replace("add_task(update_statistics", piece)) == [reason]


def test_a_line_can_be_an_option_only_once(tmp_path: Path) -> None:
    text = LINE.replace("add_task(send_receipt", "update_statistics, order")
    assert faults(tmp_path, text) == ["is a line that was named already"]


def test_a_line_of_brackets_alone_cannot_be_chosen() -> None:
    found = next(q for q in PACK.questions if q.id == "line-that-hides-the-order")
    texts = found.code.splitlines()
    assert {line.can for line in found.view(None, "").lines} == {True}
    with_bare = type(found).model_validate(found.model_dump() | {"code": f"{found.code}\n)"})
    assert not with_bare.view(None, "").lines[len(texts)].can


def test_the_misconception_behind_a_line_is_named(tmp_path: Path) -> None:
    found = asked(tmp_path, LINE)
    (number,) = (n for n, text in enumerate(found.code.splitlines(), 1) if "send_receipt" in text)
    assert list(found.beliefs(number)) == ["none-runs"]
    assert list(found.beliefs(True)) == []


def test_each_gap_accepts_its_spellings_and_scores_separately(tmp_path: Path) -> None:
    found = asked(tmp_path, CLOZE)
    # As they stand in the code, whatever their order in the file.
    assert found.grade(["send_receipt", "notify_partner"]).score == 1
    assert found.grade([" send_receipt", "partner.notify"]).score == 1
    assert found.grade(["send_receipt", "Notify_Partner"]).score == 0.5
    assert list(found.beliefs(["send_receipt", "call_partner"])) == ["all-run"]


def test_hidden_code_is_neither_in_the_form_nor_on_the_projector(tmp_path: Path) -> None:
    found = asked(tmp_path, CLOZE)
    assert "notify_partner" not in found.view(None, "").marked
    assert "notify_partner" not in found.code_on_wall
    assert found.code_apart == ""


@pytest.mark.parametrize(
    ("hides", "reason"),
    [
        ("no_such_thing", "no_such_thing stands nowhere in the excerpt"),
        ("background_tasks.add_task", "background_tasks.add_task stands several times in the"),
        ("call_partner", "call_partner stands nowhere in the excerpt"),
    ],
)
def test_a_gap_has_to_hide_text_that_occurs_once(tmp_path: Path, hides: str, reason: str) -> None:
    found = faults(tmp_path, CLOZE.replace("hides: notify_partner", f"hides: {hides}"))
    assert found[0].startswith(reason)


def test_gaps_must_not_overlap(tmp_path: Path) -> None:
    text = CLOZE.replace("hides: send_receipt", "hides: 'send_receipt, order'")
    text = text.replace("hides: notify_partner", "hides: 'receipt, order)'")
    assert "two gaps overlap" in " ".join(faults(tmp_path, text))


def test_a_typing_error_is_not_right(tmp_path: Path) -> None:
    text = CLOZE.replace("text: call_partner", "text: notify_partner")
    assert faults(tmp_path, text) == ["notify_partner is right"]


def test_an_option_holds_only_in_the_runs_of_its_items() -> None:
    found = kind("match")
    assert isinstance(found, Match)
    claims = dict(found.claims()) | {
        name: claim for name, (_, claim) in found.counterfactuals().items()
    }
    assert len(claims) == len(found.items) * len(found.options)
    for item in found.items:
        for option in found.options:
            negated = claims[f"{item.id} {option.id}"].source.startswith("!(")
            assert negated == (bool(item.world) and option.id != item.match)


def test_each_item_of_a_match_scores_separately() -> None:
    found = kind("match")
    assert isinstance(found, Match)
    right = {item.id: item.match for item in found.items}
    wrong = next(o.id for o in found.options if o.id != found.items[0].match)
    share = 1 - 1 / len(found.items)
    assert found.grade(right | {found.items[0].id: wrong}).score == pytest.approx(share)
    assert found.grade({}).score == 0


def test_an_item_matched_with_an_unknown_option_is_an_error() -> None:
    found = kind("match")
    assert isinstance(found, Match)
    changed = found.model_dump()
    changed["items"][0]["match"] = "no-such-option"
    with pytest.raises(ValidationError, match="no-such-option is not an option"):
        Match.model_validate(changed)


def test_a_cloze_with_one_gap_is_exported_as_a_word_question() -> None:
    one = next(q for q in PACK.questions if isinstance(q, Cloze) and len(q.gaps) == 1)
    found = one.plain()
    assert found
    assert one.gaps[0].hides in found.accepted
