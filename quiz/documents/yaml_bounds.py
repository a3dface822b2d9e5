"""Limits of a YAML file, checked on the parser's events before any value is built.

Deep nesting crashes libyaml's composer. Python builds numbers of any length, but cannot convert
long ones to text. A tag would call a constructor.
"""

import re
from typing import Any

import yaml

from quiz.documents.regular_file import CONTROL, named

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST, MOST_PIECES, LONGEST_NUMBER = 50, 1_000_000, 40
PLAIN_TAGS = {None, "!", *(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))}
NUMBER = re.compile(r"[-+]?[0-9.][0-9a-fA-FxXoO_:.]*")


class BoundError(ValueError):
    """A limit that the file exceeds. Line and column count from 1."""

    def __init__(self, event: Any, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.mend = mend
        self.line: int = event.start_mark.line + 1
        self.column: int = event.start_mark.column + 1


def check_bounds(text: str) -> None:
    """Raises BoundError for exceeded limits and YAMLError for invalid YAML."""
    depth = 0
    event: Any
    for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
        if count > MOST_PIECES:
            raise BoundError(event, f"has more than {MOST_PIECES:,} pieces", "Split the file.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.ScalarEvent):
            _check_scalar(event)
        if depth > DEEPEST:
            raise BoundError(event, f"is nested deeper than {DEEPEST} levels", "Nest less.")
        if getattr(event, "tag", None) not in PLAIN_TAGS:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            raise BoundError(event, f"has the tag {tag}", "A pack is data: remove the tag.")


def _check_scalar(event: Any) -> None:
    value: str = event.value
    if found := CONTROL.search(value):
        reason = f"has the control character {named(found[0])}"
        raise BoundError(event, reason, "Remove it.")
    if len(value) > LONGEST_NUMBER and event.implicit[0] and NUMBER.fullmatch(value):
        reason = f"is a number of {len(value):,} characters"
        raise BoundError(event, reason, f"Write it with at most {LONGEST_NUMBER}, or in quotes.")
