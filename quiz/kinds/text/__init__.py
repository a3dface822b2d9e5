"""Type a word, such as a setting, an exception or a status. Equivalent spellings are right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, field_validator

from quiz.claims.expression import Said, TextField, in_words
from quiz.documents.yaml_document import Fault, FaultyError
from quiz.questions import portable, text_match
from quiz.questions.answers import Answer, AnswerError, Count, Form, Grade, Pairs, one_text
from quiz.questions.base import Question
from quiz.questions.outcome import Claimed, Outcome

LONGEST = 80


@dataclass(frozen=True)
class TextView:
    """`given` is None before the answer, `seen` before a run."""

    right: str
    others: tuple[str, ...]
    given: str | None
    is_right: bool
    seen: str | None
    outcome: Outcome | None
    observed: tuple[str, ...]


class TextQuestion(Question):
    kind: Literal["text"]
    accepted: tuple[str, ...] = Field(
        min_length=1, description="Right spellings, the best first. Case and quotes do not count."
    )
    says: TextField | None = Field(
        None, description="The same word as a run says it, in CEL: call.send_mail.error."
    )

    @field_validator("accepted")
    @classmethod
    def _words(cls, accepted: tuple[str, ...]) -> tuple[str, ...]:
        faults = [
            Fault("is no word", "Write what is to be typed.", (place,))
            for place, word in enumerate(accepted)
            if not text_match.plain(word)
        ]
        faults += [
            Fault(f"{word} is accepted already", "Remove it.", (place,))
            for place, word in enumerate(accepted)
            if text_match.plain(word) and text_match.same(word, accepted[:place])
        ]
        if faults:
            raise FaultyError(*faults)
        return accepted

    def parse(self, form: Form) -> Answer:
        text = one_text(form, "answer") or ""
        if not text_match.plain(text):
            raise AnswerError("There is no word yet. Write one, then send it.")
        if len(text) > LONGEST:
            raise AnswerError(f"That is too long. Write one word, or at most {LONGEST} letters.")
        return text

    @property
    def points(self) -> str:
        return f"{super().points} Capitals, quotes and a call's brackets do not matter."

    def grade(self, answer: Answer) -> Grade:
        right = isinstance(answer, str) and text_match.same(answer, self.accepted)
        return Grade(1.0, "Right.") if right else Grade(0.0, "Not yet.")

    def examples(self) -> dict[Literal["correct", "incorrect", "invalid"], list[Pairs]]:
        best = self.accepted[0]
        written = [*self.accepted, f" `{best.upper()}` ", f'"{best}"', f"{best}()"]
        invalid = ["", "  ", "``", "x" * (LONGEST + 1)]
        return {
            "correct": [[("answer", text)] for text in written],
            "incorrect": [[("answer", f"not {best}")], [("answer", best[:-1] or "?")]],
            "invalid": [[], *([("answer", text)] for text in invalid)],
        }

    def claims(self) -> list[tuple[str, Claimed]]:
        return [("answer", Said(self.says, self.accepted))] if self.says else []

    def tally(self, answers: Sequence[Answer]) -> list[Count]:
        """The words that were typed, the most frequent first. Right spellings count together."""
        best = self.accepted[0]
        given = [text for text in answers if isinstance(text, str) and text_match.plain(text)]
        words = Counter(
            best if self.grade(text).score else text_match.plain(text) for text in given
        )
        return [Count(_code(word), n, word == best) for word, n in words.most_common()]

    def plain(self) -> portable.Words:
        return portable.Words(self.accepted)

    def view(self, answer: Answer, seed: str, outcomes: Mapping[str, Outcome] | None = None) -> Any:
        outcome = (outcomes or {}).get("answer")
        return TextView(
            right=self.accepted[0],
            others=self.accepted[1:],
            given=answer if isinstance(answer, str) else None,
            is_right=self.grade(answer).score == 1,
            seen=None if outcome is None or outcome.value is None else str(outcome.value),
            outcome=outcome,
            observed=tuple(in_words(outcome)) if outcome else (),
        )


def _code(word: str) -> str:
    """The word as Markdown code. Backticks in it are replaced."""
    return f"`{word.replace('`', chr(0x2032))}`"


KIND = TextQuestion
