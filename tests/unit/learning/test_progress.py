"""Which attempts count, and the scores of a topic."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing, new_id
from tests.attempts import ANNA, BERT, NOON, attempt, exported, opened

SHARED = [HealthCheck.function_scoped_fixture]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def played(*said: str) -> list[Attempt]:
    """ "q+" is q answered right, "q-" wrong, "q?" shown; a minute apart, " " a day."""
    made, at = [], NOON
    for place, word in enumerate(said):
        at += DAY if word == " " else MINUTE
        if word != " ":
            question, score = word[:-1], {"+": 1.0, "-": 0.0, "~": 0.5, "?": None}[word[-1]]
            shown = score is None
            made.append(attempt(str(place), question=question, score=score, revealed=shown, at=at))
    return made


def stand(*said: str) -> dict[str, Standing]:
    return {one.question: one for one in scoring.replay(played(*said))[0]}


def counted(*said: str) -> list[bool]:
    return list(scoring.replay(played(*said))[1].values())


def test_an_immediate_retry_is_practice() -> None:
    assert counted("q-", "q+") == [True, False]
    assert stand("q-", "q+")["q"].counted.score == 0.0


def test_a_retry_counts_after_three_other_questions() -> None:
    assert counted("q-", "a+", "b+", "q+")[-1] is False
    assert counted("q-", "a+", "b+", "c-", "q+")[-1] is True


def test_one_other_question_answered_three_times_counts_once() -> None:
    assert counted("q-", "a-", "a-", "a+", "q+")[-1] is False


def test_shown_questions_do_not_count_as_answered_in_between() -> None:
    assert counted("q-", "a?", "b?", "c?", "q+")[-1] is False
    # Answered since, and looked at again: answered it is.
    assert counted("q-", "a+", "b+", "c+", "c?", "q+")[-1] is True


def test_practice_shows_the_answer_again_so_the_count_to_three_restarts() -> None:
    assert counted("q-", "a+", "b+", "q+", "c+", "q+")[-1] is False
    assert counted("q-", "a+", "b+", "q?", "c+", "q+")[-1] is False


def test_a_retry_counts_on_a_later_day() -> None:
    assert counted("q-", " ", "q+") == [True, True]
    late = NOON.replace(hour=23, minute=59)
    assert scoring.spaced(late, 0, late + 2 * MINUTE)
    assert not scoring.spaced(NOON, 0, late)


def test_a_question_shown_first_counts_as_not_right_until_an_answer_counts() -> None:
    shown = scoring.score(["q"], stand("q?", "q+"))
    assert (shown.first, shown.eventual, shown.shown) == (0.0, 0.0, 1)
    later = scoring.score(["q"], stand("q?", " ", "q+"))
    assert (later.first, later.eventual, later.shown) == (0.0, 1.0, 0)


def test_showing_the_answer_later_keeps_the_score() -> None:
    assert counted("q+", " ", "q?") == [True, False]
    assert scoring.score(["q"], stand("q+", " ", "q?")).eventual == 1.0


def test_strength_is_the_mean_of_the_latest_counted_grades() -> None:
    standings = stand("a-", "b~", "c?", " ", "a+", "other+")
    score = scoring.score(["a", "b", "c", "d", "e"], standings)
    assert score == scoring.Score(questions=5, tried=3, shown=1, first=0.5, eventual=1.5)
    assert (score.strength, score.answered) == (0.5, 2)
    assert scoring.score(["d"], standings).strength is None


def test_the_app_knows_in_advance_whether_a_retry_counts() -> None:
    standings = stand("q-", "a+", "b?", "c+")
    all_of_them = standings.values()
    soon, tomorrow = NOON + 5 * MINUTE, NOON + DAY
    assert not scoring.would_count(standings["q"], all_of_them, soon)
    assert scoring.would_count(standings["q"], all_of_them, tomorrow)
    assert scoring.others_since(standings["q"], all_of_them) == 2


async def test_answers_of_two_learners_in_one_commit_count_separately(tmp_path: Path) -> None:
    rows = played("q-", "a+", "b+", "c+", "q+", "q+")
    both = [replace(row, id=new_id(), learner=who) for row in rows for who in (ANNA, BERT)]
    async with opened(tmp_path / "quiz.sqlite3") as storage:
        kept = await asyncio.gather(*map(storage.attempts.add, both))
        assert [one.counted for one in kept] == [True] * 10 + [False] * 2


@given(
    said=st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("+-?"), st.sampled_from((0, 1, 900))),
        max_size=25,
    )
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_an_import_gives_the_same_result_as_answering_here(
    said: list[tuple[str, str, int]], tmp_path: Path
) -> None:
    at, rows = NOON, []
    for place, (question, mark, minutes) in enumerate(said):
        at += minutes * MINUTE + timedelta(seconds=1)
        score = {"+": 1.0, "-": 0.0, "?": None}[mark]
        rows.append(
            attempt(str(place), question=question, score=score, revealed=mark == "?", at=at)
        )
    async with opened(tmp_path / f"{new_id()}.sqlite3") as storage:
        here = [await storage.attempts.add(row) for row in rows]
        others = [attempt(row.token, **taken(row)) for row in rows]
        await storage.learners.bring(BERT, others)
        assert [one.counted for one in await exported(storage, BERT)] == [
            one.counted for one in here
        ]
        assert alike(await storage.standings.all(BERT)) == alike(await storage.standings.all(ANNA))


def taken(row: Attempt) -> dict[str, object]:
    """As an export has it: everything but what is the old place's own."""
    return {name: getattr(row, name) for name in ("question", "score", "revealed", "at")}


def alike(standings: list[Standing]) -> list[object]:
    return [
        (one.pack, one.question, one.n, one.answered_at)
        + tuple((a.score, a.revealed, a.at) for a in (one.first, one.latest, one.counted))
        for one in standings
    ]


def test_a_miss_that_runs_contradict_is_ignored() -> None:
    attempts = played("q-", "q+", "a-")
    standings, counts = scoring.replay(attempts, {attempts[0].id})
    assert {one.question: one.first.score for one in standings} == {"q": 1.0, "a": 0.0}
    assert counts[attempts[0].id] is False


def test_a_right_answer_that_runs_contradict_stays_right() -> None:
    attempts = played("q+")
    standings, counts = scoring.replay(attempts, {attempts[0].id})
    assert [one.first.score for one in standings] == [1.0]
    assert counts == {attempts[0].id: True}
