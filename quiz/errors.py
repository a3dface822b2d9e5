"""The base of every error that a person reads: what happened, where, what to do."""

import difflib
from collections.abc import Iterable


class QuizError(Exception):
    """What went wrong and how to mend it, in words for the one who can."""

    # What the command exits with.
    exit_status = 1


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The mend of a wrong name: the nearest known one, else all of them."""
    names = list(known)
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]}?"
    return f"There are: {', '.join(names)}." if names else "There are none."
