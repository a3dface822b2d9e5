"""A word that a server asks for: the access code of visitors, or the teacher's secret."""

import asyncio
import hmac
import time
from collections import deque

from quiz.web.core.http_error import HttpError

# Wrong words of all addresses together. An attacker may have any number of addresses.
GUESSES = 30
WITHIN_SECONDS = 60.0
# Once the wrong words are used up, one word is checked at a time.
PACE_SECONDS = 0.05


class CodeWord:
    def __init__(self, word: str) -> None:
        self.word = word
        self._wrong: deque[float] = deque(maxlen=GUESSES)
        self._pace = asyncio.Lock()

    async def is_right(self, given: str) -> bool:
        """The right word always passes. Raises HttpError 429 for a wrong one after too many."""
        if self._seconds_left():
            async with self._pace:
                await asyncio.sleep(PACE_SECONDS)
        if hmac.compare_digest(given.strip().encode(), self.word.encode()):
            return True
        seconds = self._seconds_left()
        self._wrong.append(time.monotonic())
        if seconds:
            raise _too_often(seconds)
        return False

    def _seconds_left(self) -> int:
        """Until the oldest wrong word is forgotten; 0 while there are few."""
        if len(self._wrong) < GUESSES:
            return 0
        left = WITHIN_SECONDS - (time.monotonic() - self._wrong[0])
        return int(left) + 1 if left > 0 else 0


def _too_often(seconds: int) -> HttpError:
    return HttpError(
        429,
        "Too many wrong words",
        f"{GUESSES} wrong words were tried within a minute, and this one is wrong, too.",
        f"Ask for the word. The right word is always accepted. Or try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
    )
