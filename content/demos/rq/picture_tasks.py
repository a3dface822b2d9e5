"""Two jobs of one queue; a worker has one work horse at a time."""

import time

SHRINK_SECONDS = 1.2
MAIL_SECONDS = 0.2


def shrink(name: str) -> None:
    time.sleep(SHRINK_SECONDS)


def send_mail(to: str) -> None:
    time.sleep(MAIL_SECONDS)
