"""The word that a server in the LAN may ask for: whether it was given, not guessed too often."""

import hmac
import time
from collections import deque

from quiz.web import HttpError

GUESSES = 10
WITHIN_SECONDS = 60.0
ADDRESSES = 1000


class CodeWord:
    def __init__(self, word: str) -> None:
        self.word = word
        self._wrong: dict[str, deque[float]] = {}

    def is_right(self, given: str, address: str) -> bool:
        """Raises HttpError 429 once an address has guessed too often within a minute."""
        now = time.monotonic()
        wrong = self._wrong.setdefault(address, deque(maxlen=GUESSES))
        if len(wrong) == GUESSES and now - wrong[0] < WITHIN_SECONDS:
            raise _too_often(round(WITHIN_SECONDS - (now - wrong[0])) + 1)
        if hmac.compare_digest(given.strip().encode(), self.word.encode()):
            del self._wrong[address]
            return True
        wrong.append(now)
        if len(self._wrong) > ADDRESSES:
            del self._wrong[next(iter(self._wrong))]
        return False


def _too_often(seconds: int) -> HttpError:
    return HttpError(
        429,
        "Too many wrong words",
        f"{GUESSES} words were tried from your address within a minute.",
        f"Ask for the word and try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
    )
