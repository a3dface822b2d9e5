"""How the learner rates an answer that they said aloud, as the form sends it."""

from datetime import UTC, datetime

from quiz.storage.rehearsals import MARKS, Rehearsal
from quiz.web.core.http_error import HttpError


def rehearsal(
    learner: str, pack: str, topic: str, mark: object, back: tuple[str, str]
) -> Rehearsal:
    """A rehearsal as of now. Raises HttpError 422 with the link `back` for an unknown mark."""
    for known in MARKS:
        if known == mark:
            now = datetime.now(UTC)
            return Rehearsal(learner=learner, pack=pack, topic=topic, mark=known, at=now)
    detail = f"mark: must be one of {', '.join(MARKS)}."
    raise HttpError(422, "This is no mark", detail, "Use one of the buttons.", (back,))
