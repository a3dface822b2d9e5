"""Advice to the author of a choice question: the number, length and words of its options."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from quiz.documents.yaml_document import Fault
from quiz.questions.text_match import visible_length

OPTIONS = range(3, 5)
# Options have similar lengths if the longest exceeds the shortest by at most this many characters,
# or is at most this many times as long.
SLACK, STRETCH = 12, 1.6

DEPENDS = re.compile(r"\b(it|that) (all )?depends\b", re.I)
ABOVE = re.compile(r"\b(all|none|both|neither) of (the above|these (answers|options))\b", re.I)
MILLISECONDS = re.compile(r"\d\s*(ms|milliseconds?)\b", re.I)


class OptionText(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def key(self) -> bool: ...
    @property
    def claim(self) -> object | None: ...
    @property
    def misconception(self) -> str | None: ...


def hints(
    options: Sequence[OptionText], written: Sequence[Mapping[str, Any]], has_demo: bool
) -> Iterator[Fault]:
    """`written` are the options as the author wrote them, with placeholders."""
    if len(options) not in OPTIONS:
        mend = "Three or four that differ in one idea are best."
        yield Fault(f"has {len(options)} options", mend)
    lengths = [visible_length(option.text) for option in options]
    if max(lengths) > max(min(lengths) + SLACK, min(lengths) * STRETCH):
        reason = f"have texts of {min(lengths)} to {max(lengths)} characters"
        yield Fault(reason, "Make them alike in length and form.")
    for place, (option, entry) in enumerate(zip(options, written, strict=True)):
        for fault in _of_option(option, str(entry["text"]), has_demo):
            yield Fault(fault.reason, fault.mend, (place, *fault.loc))


def _of_option(option: OptionText, written: str, has_demo: bool) -> Iterator[Fault]:
    if found := ABOVE.search(option.text):
        yield Fault(f"says {found[0]!r}", "Let several options be keys instead.", ("text",))
    if not option.claim and (found := DEPENDS.search(option.text)):
        mend = "Say on what, as a claim that a run decides."
        yield Fault(f"says {found[0]!r}", mend, ("text",))
    if MILLISECONDS.search(written):
        mend = "Ask what comes first or what waits, or name a parameter."
        yield Fault("is a guess of milliseconds", mend, ("text",))
    if has_demo and not option.claim:
        yield Fault("is missing", "Say what this option claims of a run.", ("holds",))
    if not option.key and not option.misconception:
        yield Fault("is missing", "Name the belief behind it.", ("misconception",))
