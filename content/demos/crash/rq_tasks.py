"""An RQ job is a plain function; a work horse forked for it runs it."""

import time

WORK_SECONDS = 0.8


def bill(order: str) -> None:
    time.sleep(WORK_SECONDS)
