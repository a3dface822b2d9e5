"""The same computation in a module that a worker can import."""

import time

WORK_SECONDS = 1.5


def export() -> int:
    total, until = 0, time.monotonic() + WORK_SECONDS
    while time.monotonic() < until:
        for number in range(10_000):
            total = (total * 31 + number) % 1_000_003
    return total
