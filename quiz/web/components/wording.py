"""Times, counts and facts in words for learners. The fact schema knows what facts are called."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quiz.claims.facts import UnknownFactError, milliseconds, says, steps
from quiz.demos.model import Demo
from quiz.questions.placeholders import number

PLACE = "\0"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class FactText:
    """A fact as label and value: "task_b started at", "2.00 s". `about` explains a demo's fact."""

    path: str
    label: str
    value: str
    about: str = ""


def seconds(value: float) -> str:
    """3.1 is "3 s": a button promises no exact duration."""
    return f"{number(round(value, 1) if value < 1 else round(value))} s"


def day(at: datetime, now: datetime | None = None) -> str:
    """ "21 Nov", with the year if it is not the current one."""
    year = "" if at.year == (now or datetime.now(UTC)).year else f" {at.year}"
    return f"{at.day} {at:%b}{year}"


def moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def counted(count: int) -> str:
    """Numbers below ten as words."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def fact_text(path: str, value: Any, demo: Demo | None) -> FactText:
    """A fact in words. The demo names its parameters and its extra facts."""
    way = steps(path)
    name = str(way[1]) if len(way) == 2 else ""
    if demo and way[0] == "extra" and (extra := demo.extra.get(name)) and value is not None:
        return FactText(path, extra.title, _with_unit(value, extra.unit), extra.about)
    if demo and way[0] == "parameters" and (parameter := demo.parameters.get(name)):
        return FactText(path, parameter.title, _plain(value))
    try:
        text, pattern = says(path, value), says(path, PLACE)
    except UnknownFactError:
        return FactText(path, path, _plain(value))
    label, _, after = pattern.partition(PLACE)
    if value is None or not text.startswith(label):
        return FactText(path, _capital(text, way), "–")
    shown = text[len(label) : len(text) - len(after)]
    return FactText(path, _capital(label.strip(" :"), way), shown)


def _with_unit(value: Any, unit: str) -> str:
    if unit == "ms" and isinstance(value, int | float):
        return milliseconds(value)
    one = value == 1 and unit not in ("s", "ms")
    return f"{_plain(value)} {unit.removesuffix('s') if one else unit}".strip()


def _capital(text: str, way: Sequence[str | int]) -> str:
    """Capital at the start of a sentence; names of functions stay as they are."""
    return text if way[0] in ("call", "count", "late_ms") else text[:1].upper() + text[1:]


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
        case list() | tuple():
            return ", ".join(map(str, value)) or "none"
    return "–" if value is None else str(value)


def flatten(facts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every fact with its path, as claims write it."""
    for name, value in facts.items():
        yield from _flatten(f"{above}.{name}" if above else name, value)


def _flatten(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from flatten(value, path)
    elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        for place, item in enumerate(value):
            yield from flatten(item, f"{path}[{place}]")
    else:
        yield path, _plain(value)
