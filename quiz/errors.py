"""Base of the errors that people read: each says what happened, where, and what to do."""

import difflib
from collections.abc import Iterable


class QuizError(Exception):
    """Error whose message a user can act on."""

    # Exit status of the command that raises it.
    exit_status = 1


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name that is most like this one; None if none is like it."""
    return next(iter(difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.5)), None)


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Advice for a wrong name: the nearest known name, or a list of all of them."""
    names = list(known)
    if close := nearest(name, names):
        return f"Did you mean {close}?"
    return f"There are: {', '.join(names)}." if names else "There are none."
