"""The error that a page or the API answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quiz.errors import QuizError


@dataclass(eq=False)
class HttpError(QuizError):
    """What was wrong and how to mend it, as a page; under /sandbox as problem+json."""

    status: int
    title: str
    detail: str = ""
    mend: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(part for part in (self.detail or self.title, self.mend) if part)
