"""The worker waits at the list, and forks a work horse for the job."""

import time

BILL_SECONDS = 0.05


def bill(order: str) -> None:
    time.sleep(BILL_SECONDS)
