"""The error that ends a request with a page, or with problem+json under /sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quiz.errors import QuizError


@dataclass(eq=False)
class HttpError(QuizError):
    """What went wrong (`detail`) and what to do (`mend`). `actions` are labels and addresses."""

    status: int
    title: str
    detail: str = ""
    mend: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(part for part in (self.detail or self.title, self.mend) if part)
