"""An RQ job is a plain function."""

import time

REPORT_SECONDS = 1


def make_report(month: str) -> None:
    time.sleep(REPORT_SECONDS)
    if month == "may":
        raise ValueError("The numbers of May are missing")
