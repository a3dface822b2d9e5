"""Waits for a condition, never for a time."""

import asyncio
import time
from collections.abc import Callable


async def wait_until(condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Waits until the condition holds. After the timeout it fails and names the condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds} s in vain: {what}")
        await asyncio.sleep(0.01)
