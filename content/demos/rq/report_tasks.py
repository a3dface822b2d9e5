"""A report takes its time."""

import time

REPORT_SECONDS = 0.4


def make_report(month: str) -> str:
    time.sleep(REPORT_SECONDS)
    return "42 pages"
