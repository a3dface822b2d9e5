"""A partner's API that refuses its first calls."""

from pathlib import Path

REFUSALS = 2

calls = Path("calls.txt")


def call_partner(order: str) -> None:
    with calls.open("a") as log:
        log.write(f"{order}\n")
    if len(calls.read_text().splitlines()) <= REFUSALS:
        raise ConnectionError("The partner refuses.")
