"""Waits for a condition, never for a time."""

import asyncio
import time
from collections.abc import Callable


async def wait_until(condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Look until it holds; fails by name when it does not within the bound."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds} s in vain: {what}")
        await asyncio.sleep(0.01)
