"""Match each item with an option. Each item has its own run.

An option is a claim, which must hold in the runs of its items and in no other run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from quiz.claims.expression import Claim, ClaimField, in_words
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.errors import did_you_mean
from quiz.questions import portable
from quiz.questions.answers import Answer, AnswerError, Form, Grade, Pairs, one_text
from quiz.questions.base import Question
from quiz.questions.demo_ref import Counterfactual, DemoRef
from quiz.questions.fields import PackModel, Slug, Text, repeated_ids
from quiz.questions.outcome import Claimed, Outcome


class Option(PackModel):
    id: Slug = Field(description="Stable, unique among the options.")
    text: Text = Field(description="What items are matched with.")
    holds: ClaimField | None = Field(None, description="What it claims of an item's run, in CEL.")


class Item(PackModel):
    id: Slug = Field(description="Stable, unique among the items.")
    text: Text = Field(description="The line that is matched with an option.")
    match: Slug = Field(description="The option that is true of it.")
    why: Text = Field(description="Why, shown after the answer.")
    world: Counterfactual | None = Field(
        None, description="Where it runs, if not as the question's demo says: {variant: celery}."
    )


@dataclass(frozen=True)
class ItemView:
    """`given` is None before the answer. `said` has the options' outcomes in the item's run."""

    id: str
    text: str
    why: str
    right: str
    given: str | None
    chosen: str
    href: str
    said: tuple[tuple[str, Outcome, tuple[str, ...]], ...]

    @property
    def is_right(self) -> bool:
        return self.given == self.right

    @property
    def sign(self) -> str:
        if self.given is None:
            return "·"
        return "✓" if self.is_right else "✗"

    @property
    def words(self) -> str:
        if self.given is None:
            return "Right answer"
        return f"Your answer · {'Right answer' if self.is_right else 'Not true'}"


@dataclass(frozen=True)
class MatchView:
    items: tuple[ItemView, ...]
    options: tuple[Option, ...]


class Match(Question):
    kind: Literal["match"]
    options: tuple[Option, ...] = Field(
        min_length=2, max_length=6, description="What items are matched with."
    )
    items: tuple[Item, ...] = Field(
        min_length=2, max_length=8, description="Lines, each with one option."
    )

    @field_validator("options")
    @classmethod
    def _options_unique(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        if twice := repeated_ids([option.id for option in options], "option", "id"):
            raise FaultyError(*twice)
        return options

    @field_validator("items")
    @classmethod
    def _items_known(cls, items: tuple[Item, ...], info: ValidationInfo) -> tuple[Item, ...]:
        known = [option.id for option in info.data.get("options", ())]
        faults = [
            Fault(
                f"{item.match} is not an option", did_you_mean(item.match, known), (place, "match")
            )
            for place, item in enumerate(items)
            if known and item.match not in known
        ]
        faults += repeated_ids([item.id for item in items], "item", "id")
        if faults:
            raise FaultyError(*faults)
        return items

    def parse(self, form: Form) -> Answer:
        """The id of the chosen option, by the id of the item."""
        return {item.id: self._one(form, item) for item in self.items}

    def _one(self, form: Form, item: Item) -> str:
        text = one_text(form, f"item-{item.id}")
        if not text:
            raise AnswerError(
                "Not every line has its answer yet. Choose one for each, then send it."
            )
        if text not in {option.id for option in self.options}:
            raise AnswerError("That is not one of the choices. Choose one of them.")
        return text

    @property
    def points(self) -> str:
        return f"Partial credit: each of {len(self.items)} lines counts 1/{len(self.items)}."

    def grade(self, answer: Answer) -> Grade:
        given, all_items = self._given(answer), len(self.items)
        right = sum(given.get(item.id) == item.match for item in self.items)
        if right == all_items:
            return Grade(1.0, "Right.")
        word = "Partly right" if right else "Not yet"
        return Grade(right / all_items, f"{word}: {right} of {all_items} lines are right.")

    def _given(self, answer: Answer) -> dict[str, str]:
        """The answer, without items and options that the pack no longer has."""
        known = {option.id for option in self.options}
        given = answer if isinstance(answer, dict) else {}
        return {
            item.id: given[item.id]
            for item in self.items
            if isinstance(given.get(item.id), str) and given[item.id] in known
        }

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        right = [(f"item-{item.id}", item.match) for item in self.items]
        other = {item.id: self._other(item) for item in self.items}
        wrong = [(f"item-{item.id}", other[item.id]) for item in self.items]
        (name, match), *rest = right
        return {
            "correct": [right, right[::-1]],
            "incorrect": [wrong, [wrong[0], *rest]],
            "invalid": [[], rest, [(name, "no-such-option"), *rest], [(name, match), *right]],
        }

    def _other(self, item: Item) -> str:
        return next(option.id for option in self.options if option.id != item.match)

    def _tried(self) -> Iterator[tuple[str, Item, Option]]:
        """Each pair of an item and an option with a claim, and the pair's name."""
        for item in self.items:
            for option in self.options:
                if option.holds:
                    yield f"{item.id} {option.id}", item, option

    def claims(self) -> list[tuple[str, Claimed]]:
        """The claims for items that run in the question's own demo."""
        return [(n, o.holds) for n, item, o in self._tried() if o.holds and not item.world]

    def expected(self) -> Mapping[str, bool | None]:
        return {n: item.match == o.id for n, item, o in self._tried() if not item.world}

    def claim_texts(self) -> Mapping[str, str]:
        return {n: f"{item.text}: {option.text}" for n, item, option in self._tried()}

    def counterfactuals(self) -> Mapping[str, tuple[DemoRef, Claimed]]:
        """The runs of the other items, in which no other option may hold."""
        if self.demo is None:
            return {}
        return {
            name: (
                self.demo.at(item.world),
                option.holds if item.match == option.id else Claim(f"!({option.holds.source})"),
            )
            for name, item, option in self._tried()
            if item.world and option.holds
        }

    def lines(self) -> Sequence[str]:
        return [item.text for item in self.items]

    def plain(self) -> portable.Pairs:
        texts = {option.id: option.text for option in self.options}
        used = {item.match for item in self.items}
        return portable.Pairs(
            tuple((item.text, texts[item.match]) for item in self.items),
            tuple(option.text for option in self.options if option.id not in used),
        )

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        given = self._given(answer)
        views = (self._view(item, given.get(item.id), outcomes or {}) for item in self.items)
        return MatchView(tuple(views), self.options)

    def _view(self, item: Item, given: str | None, outcomes: Mapping[str, Outcome]) -> ItemView:
        texts = {option.id: option.text for option in self.options}
        said = [(o.text, outcomes.get(f"{item.id} {o.id}")) for o in self.options]
        ref = self.demo.at(item.world) if self.demo and item.world else None
        return ItemView(
            id=item.id,
            text=item.text,
            why=item.why,
            right=texts[item.match],
            given=texts[given] if given else None,
            chosen=given or "",
            href=ref.href if ref else "",
            said=tuple((text, o, tuple(in_words(o))) for text, o in said if o),
        )


KIND = Match
