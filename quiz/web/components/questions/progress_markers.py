"""A learner's progress: markers of a topic's questions, scores in words, what comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.learning import scoring
from quiz.learning.attempt import Attempt, Standing, Try
from quiz.learning.scoring import Score
from quiz.packs.pack import Pack
from quiz.questions.answers import Grade
from quiz.questions.base import Question
from quiz.questions.placeholders import number
from quiz.web.components import wording

SIGNS = {"right": "✓", "partly": "◐", "wrong": "✗", "shown": "◇"}
FIRST = {
    "right": "right on the first try",
    "partly": "partly right on the first try",
    "wrong": "wrong on the first try",
    "shown": "shown, not answered",
}
LATER = {"right": "right later", "partly": "partly right later", "wrong": "wrong later"}
# When a retry counts. The rule itself is in quiz.learning.scoring.
SPACED = (
    f"once you have answered {wording.counted(scoring.OTHERS)} other questions since, or on a later"
    " day (UTC)"
)

# Question ids to progress snapshots.
Standings = scoring.Standings


@dataclass(frozen=True, slots=True)
class Marker:
    """A question in a row of markers. `label` says in words what `sign` and `mark` show."""

    href: str
    sign: str
    mark: str
    label: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    text: str


def question_href(pack: Pack, question: Question) -> str:
    return f"/packs/{pack.slug}/{question.id}"


def mark(attempt: Try | Attempt | None) -> str:
    """Name of an attempt's mark; "" without an attempt."""
    if attempt is None:
        return ""
    if attempt.revealed or attempt.score is None:
        return "shown"
    return Grade(attempt.score, "").mark


def said(standing: Standing | None) -> str:
    """A learner's attempts at a question in words."""
    if standing is None:
        return "not answered"
    first, latest = mark(standing.first), mark(standing.latest)
    later = LATER.get(latest) if standing.n > 1 and latest != first else None
    return f"{FIRST[first]}, {later}" if later else FIRST[first]


def markers(
    pack: Pack, topic: str, standings: Standings, here: Question | None = None
) -> list[Marker]:
    """A marker per question of the topic. `here` is the question that the page shows."""
    return [
        _marker(pack, question, number, standings.get(question.id), here)
        for number, question in enumerate(pack.of_topic(topic), 1)
    ]


def _marker(
    pack: Pack,
    question: Question,
    number: int,
    standing: Standing | None,
    at: Question | None,
) -> Marker:
    here = at is not None and at.id == question.id
    name = mark(standing.first if standing else None)
    label = f"Question {number}: {said(standing)}{', this one' if here else ''}"
    return Marker(question_href(pack, question), SIGNS.get(name, str(number)), name, label, here)


def first_open(pack: Pack, standings: Standings) -> Question | None:
    """The first question without an answer, beginning with the topic that was answered last."""
    latest = max(standings.values(), key=lambda standing: standing.latest.at, default=None)
    known = pack.question(latest.question) if latest else None
    topics = list(pack.topics)
    if known:
        topics.remove(known.topic)
        topics.insert(0, known.topic)
    for topic in topics:
        for question in pack.of_topic(topic):
            if question.id not in standings:
                return question
    return None


def score(questions: Sequence[Question], standings: Standings) -> Score:
    return scoring.score([question.id for question in questions], standings)


def scored(questions: Sequence[Question], standings: Standings) -> str:
    """Score of a topic or a pack in a line, the same on every page."""
    of = score(questions, standings)
    if not of.tried:
        return note(questions, standings)
    return (
        f"First try {out_of(of.first, of)} · eventually {out_of(of.eventual, of)} ·"
        f" strength {strength(of)}"
    )


def out_of(value: float, score: Score) -> str:
    """ "1.5 of 2": out of the questions that were answered or shown."""
    return f"{number(round(value, 2))} of {score.tried}"


def strength(score: Score) -> str:
    """Strength in per cent, with the number of answers behind it."""
    if score.strength is None:
        return "not known yet"
    return f"{round(100 * score.strength)} %, {answered(score)}"


def answered(score: Score) -> str:
    shown = f", {score.shown} shown" if score.shown else ""
    return f"{score.answered} of {score.questions} answered{shown}"


def note(questions: Sequence[Question], standings: Standings) -> str:
    """A topic in a line: "2 of 7 answered", or the number of questions before the first answer."""
    of = score(questions, standings)
    if of.tried:
        return answered(of)
    return f"{wording.plural(len(questions), 'question')} · {minutes(len(questions))}"


def minutes(questions: int) -> str:
    """A question with its run takes about a minute."""
    return f"about {max(1, questions)} min"
