"""Predict a timeline: for each task a lane, a start and a length, or "never".

A prediction is graded on relations. Each relation is a claim that a run decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from quiz.claims.relations import Held, Relation, right_one
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.errors import did_you_mean
from quiz.questions import portable
from quiz.questions.answers import Answer, Form, Grade, Pairs
from quiz.questions.base import Question
from quiz.questions.fields import Function
from quiz.questions.outcome import Claimed, Outcome
from quiz.questions.prediction import LANES, Lane, Prediction, PredictionError, Stay
from quiz.questions.prediction_grid import Grid, Picture


@dataclass(frozen=True)
class PredictView:
    """`given` is None before the answer. `right` is the earliest prediction with all relations."""

    grid: Grid
    given: Picture | None
    right: Picture
    relations: tuple[Held, ...]

    @property
    def is_right(self) -> bool:
        return all(relation.kept for relation in self.relations)


class Predict(Question):
    kind: Literal["predict"]
    tasks: tuple[Function, ...] = Field(
        min_length=1, max_length=5, description="Functions of the demo to be placed on the grid."
    )
    lanes: tuple[Lane, ...] = Field(
        LANES, min_length=2, description="The lanes that are offered: more than the right ones."
    )
    slots: int = Field(ge=3, le=12, description="How many slots the grid is wide.")
    slot_seconds: float = Field(gt=0, le=60, description="How long a slot is.")
    relations: tuple[Relation, ...] = Field(
        min_length=2, max_length=12, description="What every run bears out, and counts."
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        """Refuses relations that no prediction can have together."""
        faults = [
            Fault(f"{name} is not among the tasks", did_you_mean(name, self.tasks), (place,))
            for place, relation in enumerate(self.relations)
            for name in (relation.task, relation.other)
            if name and name not in self.tasks
        ]
        faults += [
            Fault(f"{relation.lane} is not offered", "Add it to lanes.", (place, "lane"))
            for place, relation in enumerate(self.relations)
            if relation.lane and relation.lane not in self.lanes
        ]
        names = [relation.name for relation in self.relations]
        faults += [
            Fault("stands here twice", "Remove it.", (place,))
            for place, name in enumerate(names)
            if name in names[:place]
        ]
        if not faults and self._right is None:
            mend = f"No drawing of {self.slots} slots has all of these. Change one, or add slots."
            faults = [Fault("cannot hold together", mend)]
        if faults:
            raise FaultyError(*(_below("relations", fault) for fault in faults))
        return self

    @cached_property
    def _right(self) -> Prediction | None:
        return right_one(self.relations, self.tasks, self.lanes, self.slots, self.slot_seconds)

    @property
    def right(self) -> Prediction:
        assert self._right
        return self._right

    @cached_property
    def grid(self) -> Grid:
        asks = any(relation.after_response is not None for relation in self.relations)
        return Grid(self.tasks, self.slots, self.slot_seconds, self.lanes, asks)

    def parse(self, form: Form) -> Answer:
        return str(self.grid.parse(form))

    def predicted(self, answer: Answer) -> Prediction | None:
        try:
            return Prediction.read(answer)
        except PredictionError:
            return None

    @property
    def send_words(self) -> str:
        return "Lock prediction"

    @property
    def points(self) -> str:
        count = len(self.relations)
        return (
            f"Partial credit: each of {count} relations that your prediction has counts"
            f" 1/{count}: which lane, what comes after what, what never happens. How long a bar"
            " is matters only as far as one of these hangs on it."
        )

    def grade(self, answer: Answer) -> Grade:
        given, every = self.predicted(answer), len(self.relations)
        kept = sum(relation.is_in(given) for relation in self.relations) if given else 0
        if kept == every:
            return Grade(1.0, "Right.")
        word, verb = "Partly right" if kept else "Not yet", "is" if kept == 1 else "are"
        return Grade(kept / every, f"{word}: {kept} of {every} relations {verb} as in the run.")

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        right = self.grid.pairs(self.right)
        (first, lane), *rest = right
        other = "never" if lane != "never" else self.lanes[0]
        invalid: list[Pairs] = [[], [(first, ""), *rest], [(first, "nowhere"), *rest]]
        invalid.append([*right, right[0]])
        tasks = self.right.tasks
        # A task that happens is predicted as "never" and the reverse: no relation is right.
        none = {task: None if stay else Stay(self.lanes[0], 0, 1) for task, stay in tasks.items()}
        nothing = Prediction(self.slot_seconds, none, self.right.sent)
        return {
            "correct": [right],
            "incorrect": [[(first, other), *rest], self.grid.pairs(nothing)],
            "invalid": invalid,
        }

    def plain(self) -> portable.Options:
        """The relations as options, each with its opposite, for programs without drawing."""
        found = [portable.Option(one.words, True) for one in self.relations]
        found += [portable.Option(one.opposite.words, False) for one in self.relations]
        return portable.Options(tuple(found), multiple=True)

    def claims(self) -> list[tuple[str, Claimed]]:
        return [(relation.name, relation.claim) for relation in self.relations]

    def claim_texts(self) -> Mapping[str, str]:
        return {relation.name: relation.words for relation in self.relations}

    def lines(self) -> Sequence[str]:
        lanes = ", ".join([*self.lanes, "never"])
        return [f"`{task}`: where ({lanes}), from when, for how long?" for task in self.tasks]

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        given = self.predicted(answer)
        return PredictView(
            grid=self.grid,
            given=self.grid.drawn(given) if given and self._fits(given) else None,
            right=self.grid.drawn(self.right),
            relations=tuple(
                Held.of(one, given, (outcomes or {}).get(one.name)) for one in self.relations
            ),
        )

    def _fits(self, given: Prediction) -> bool:
        """Whether the grid can show it. An answer to an older version may have other lanes."""
        stays = [stay for stay in given.tasks.values() if stay]
        return given.slot_seconds == self.slot_seconds and all(
            stay.end <= self.slots and stay.lane in self.lanes for stay in stays
        )


def _below(field: str, fault: Fault) -> Fault:
    return Fault(fault.reason, fault.mend, (field, *fault.loc))


KIND = Predict
