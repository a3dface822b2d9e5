"""A word that opens something: the access code for visitors, the teacher's secret for the class."""

import asyncio
import hmac
import time
from collections import deque

from quiz.web.core.http_error import HttpError

# Address of the form that asks for the access code.
FORM = "/code"
# Wrong words from all clients together: an attacker may have any number of addresses.
GUESSES = 30
WITHIN_SECONDS = 60.0
# After that many wrong words, words are checked one at a time, with this pause between them.
PACE_SECONDS = 0.05


class AccessCode:
    """A word with a limit on wrong guesses."""

    def __init__(self, word: str) -> None:
        self.word = word
        self._wrong: deque[float] = deque(maxlen=GUESSES)
        self._pace = asyncio.Lock()

    async def is_right(self, given: str) -> bool:
        """Whether this is the word. The right word always passes.

        Raises HttpError 429 for a wrong word after too many wrong words.
        """
        if self._seconds_left():
            async with self._pace:
                await asyncio.sleep(PACE_SECONDS)
        if hmac.compare_digest(given.strip().encode(), self.word.encode()):
            return True
        seconds = self._seconds_left()
        self._wrong.append(time.monotonic())
        if seconds:
            raise _too_many(seconds)
        return False

    def _seconds_left(self) -> int:
        """Seconds until the oldest wrong word expires; 0 while there are few wrong words."""
        if len(self._wrong) < GUESSES:
            return 0
        left = WITHIN_SECONDS - (time.monotonic() - self._wrong[0])
        return int(left) + 1 if left > 0 else 0


def bearer(authorization: str) -> str | None:
    """The token of an Authorization header with the scheme Bearer."""
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" else None


def _too_many(seconds: int) -> HttpError:
    return HttpError(
        429,
        "Too many wrong words",
        f"{GUESSES} wrong words were tried within a minute, and this one is wrong, too.",
        f"Ask for the word. The right word is always accepted. Or try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
    )
