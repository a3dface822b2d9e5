"""Put lines in order. Only the pairs of `before` count. Other pairs may have either order."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, permutations
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from quiz.claims.expression import Claim, ExpressionField, in_words
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.errors import did_you_mean
from quiz.questions import portable
from quiz.questions.answers import Answer, AnswerError, Form, Grade, Pairs, one_text
from quiz.questions.base import Question
from quiz.questions.fields import PackModel, Slug, Text, repeated_ids
from quiz.questions.outcome import Claimed, Outcome

# Events that are nearer than this have no reliable order.
NEAR_MS = 5.0
Pair = Annotated[tuple[Slug, Slug], Field(description="The first comes before the second.")]


class Item(PackModel):
    id: Slug = Field(description="Stable, unique among the items.")
    text: Text = Field(description="What happens, as the learner reads it.")
    at: ExpressionField | None = Field(
        None, description="When it happens in a run, in CEL: call.task_a.ended_ms."
    )


@dataclass(frozen=True)
class ItemView:
    id: str
    text: str
    place: int | None


@dataclass(frozen=True)
class PairView:
    """Two items whose order counts. `kept`: whether the answer has this order."""

    first: str
    then: str
    kept: bool | None
    outcome: Outcome | None
    observed: tuple[str, ...]

    @property
    def words(self) -> str:
        return {True: "In your answer", False: "Not in your answer", None: ""}[self.kept]

    @property
    def sign(self) -> str:
        return {True: "✓", False: "✗", None: "·"}[self.kept]


@dataclass(frozen=True)
class OrderingView:
    """`items` are shuffled; `right` has an order that keeps all pairs."""

    items: tuple[ItemView, ...]
    right: tuple[ItemView, ...]
    pairs: tuple[PairView, ...]

    @property
    def answered(self) -> bool:
        return any(item.place for item in self.right)


class Ordering(Question):
    kind: Literal["ordering"]
    items: tuple[Item, ...] = Field(
        min_length=2, max_length=50, description="What is put in order."
    )
    before: tuple[Pair, ...] = Field(
        min_length=1,
        max_length=500,
        description="The pairs that every run obeys: [[a, b], …], a before b.",
    )

    @field_validator("items")
    @classmethod
    def _unique(cls, items: tuple[Item, ...]) -> tuple[Item, ...]:
        if twice := repeated_ids([item.id for item in items], "item", "id"):
            raise FaultyError(*twice)
        return items

    @field_validator("before")
    @classmethod
    def _possible(cls, before: tuple[Pair, ...], info: ValidationInfo) -> tuple[Pair, ...]:
        ids = [item.id for item in info.data.get("items", ())]
        faults = [
            Fault(f"{id} is not an item", did_you_mean(id, ids), (place, side))
            for place, pair in enumerate(before)
            for side, id in enumerate(pair)
            if ids and id not in ids
        ]
        if ids and not faults and not _sorted(ids, before):
            faults = [Fault("goes round in a circle", "No order keeps all of these pairs.")]
        if faults:
            raise FaultyError(*faults)
        return before

    @cached_property
    def right_order(self) -> list[str]:
        """An order that keeps all pairs, and otherwise the order of the file."""
        return _sorted([item.id for item in self.items], self.before)

    def parse(self, form: Form) -> Answer:
        """The ids by place: a list for each place that the learner used."""
        places: dict[int, list[str]] = {}
        for item in self.items:
            places.setdefault(self._place(form, item), []).append(item.id)
        return [places[place] for place in sorted(places)]

    def _place(self, form: Form, item: Item) -> int:
        text = one_text(form, f"position-{item.id}")
        last = len(self.items)
        if not text:
            raise AnswerError(f"Not every line has its place yet. Number them from 1 to {last}.")
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= last:
            raise AnswerError(f"A place is a whole number from 1 to {last}, not {text[:20]}.")
        return int(text)

    @property
    def points(self) -> str:
        if len(self.before) == 1:
            return "The right order counts 1, any other 0."
        pairs = len(self.before)
        return f"Partial credit: each of {pairs} pairs that you put in order counts 1/{pairs}."

    def grade(self, answer: Answer) -> Grade:
        places = self._places(answer)
        kept, all_pairs = sum(self._kept(pair, places) for pair in self.before), len(self.before)
        if kept == all_pairs:
            return Grade(1.0, "Right.")
        word = "Partly right" if kept else "Not yet"
        return Grade(kept / all_pairs, f"{word}: {kept} of {all_pairs} pairs are in order.")

    def _places(self, answer: Answer) -> dict[str, int]:
        """The place of each item, from 1. Items that the pack no longer has are left out."""
        known = {item.id for item in self.items}
        groups = [group for group in _listed(answer) if isinstance(group, list)]
        kept = [[id for id in group if isinstance(id, str) and id in known] for group in groups]
        return {id: place for place, group in enumerate(filter(None, kept), 1) for id in group}

    def _kept(self, pair: Pair, places: Mapping[str, int]) -> bool:
        first, then = (places.get(id) for id in pair)
        return first is not None and then is not None and first < then

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        right = _numbered(self.right_order)
        same = [(name, "1") for name, _ in right]
        return {
            "correct": [right],
            "incorrect": [_numbered(self.right_order[::-1]), same],
            "invalid": [
                [],
                right[1:],
                [*right[1:], (right[0][0], "first")],
                [*right[1:], (right[0][0], str(len(right) + 1))],
                [*right, right[0]],
            ],
        }

    def claims(self) -> list[tuple[str, Claimed]]:
        instants = {item.id: item.at for item in self.items}
        found: list[tuple[str, Claimed]] = []
        for first, then in self.before:
            start, end = instants[first], instants[then]
            if start and end:
                claim = Claim(f"({start.source}) <= ({end.source})")
                found.append((f"{first} {then}", claim))
        return found

    def claim_texts(self) -> Mapping[str, str]:
        texts = {item.id: item.text for item in self.items}
        return {f"{a} {b}": f"{texts[a]}, then {texts[b]}" for a, b in self.before}

    def either(self) -> Mapping[str, Claimed]:
        """Both orders of each pair that is not fixed. Events that are very near count as both."""
        instants = {item.id: item.at for item in self.items if item.at}
        return {
            f"{first} before {then}": Claim(f"({start.source}) <= ({end.source}) + {NEAR_MS}")
            for (first, start), (then, end) in permutations(instants.items(), 2)
            if not self._ordered(first, then) and not self._ordered(then, first)
        }

    def _ordered(self, first: str, then: str) -> bool:
        """Whether the pairs imply this order."""
        after = [b for a, b in self.before if a == first]
        return then in after or any(self._ordered(between, then) for between in after)

    def lines(self) -> Sequence[str]:
        """The items shuffled, because the order of the file is often the right one."""
        texts = {item.id: item.text for item in self.items}
        return [texts[id] for id in self._shuffled("the room")]

    def plain(self) -> portable.Order:
        texts = {item.id: item.text for item in self.items}
        order = self.right_order
        strict = all(self._ordered(first, then) for first, then in pairwise(order))
        return portable.Order(tuple(texts[id] for id in order), strict)

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        places = self._places(answer)
        views = {item.id: ItemView(item.id, item.text, places.get(item.id)) for item in self.items}
        return OrderingView(
            items=tuple(views[id] for id in self._shuffled(seed)),
            right=tuple(views[id] for id in self.right_order),
            pairs=tuple(self._pair(pair, places, outcomes or {}) for pair in self.before),
        )

    def _shuffled(self, seed: str) -> list[str]:
        """A shuffled order: always the same for one learner, and never a right one."""
        order = [item.id for item in self.items]
        random.Random(f"{seed} {self.id}").shuffle(order)
        if self.grade([[id] for id in order]).score == 1:
            order.reverse()
        return order

    def _pair(
        self, pair: Pair, places: Mapping[str, int], outcomes: Mapping[str, Outcome]
    ) -> PairView:
        texts = {item.id: item.text for item in self.items}
        outcome = outcomes.get(f"{pair[0]} {pair[1]}")
        return PairView(
            first=texts[pair[0]],
            then=texts[pair[1]],
            kept=self._kept(pair, places) if places else None,
            outcome=outcome,
            observed=tuple(in_words(outcome)) if outcome else (),
        )


def _listed(answer: Answer) -> list[Any]:
    return answer if isinstance(answer, list) else []


def _numbered(order: Sequence[str]) -> Pairs:
    return [(f"position-{id}", str(place)) for place, id in enumerate(order, start=1)]


def _sorted(ids: Sequence[str], before: Sequence[Pair]) -> list[str]:
    """The ids in an order that keeps all pairs; empty if there is none."""
    left, order = list(ids), list[str]()
    while left:
        free = [id for id in left if not any(b == id and a in left for a, b in before)]
        if not free:
            return []
        order.append(free[0])
        left.remove(free[0])
    return order


KIND = Ordering
