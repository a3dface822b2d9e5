"""Numbers as learners type them and as pages show them. Every number that is shown can be typed."""

import math
import re
from decimal import Decimal

MINUS_AND_SPACES = str.maketrans({"\u2212": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " "})
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
TYPED = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<digits>[0-9]+(?:[ '’_.,][0-9]+)*[.,]?|[.,][0-9]+)"
    r"(?:\s*[eE](?P<e>[+-]?[0-9]+)"
    r"|\s*[×x*·⋅]\s*10(?:\s*(?:\^|\*\*)\s*[{(]?(?P<power>[+-]?[0-9]+)[)}]?"
    r"|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?"
    r"\s*(?P<unit>[^0-9].*)?",
    re.DOTALL,
)
# "1,000" is a thousand or one. The question decides.
AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
GROUPED = re.compile(r"[0-9]{1,3}(?P<mark>[ '’_.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
# Integers below this are written out; floats are exact up to here.
WRITTEN_OUT = 1e15


def written(value: float) -> str:
    """The number as people write it: 2.0 as "2", 0.1 + 0.2 as "0.3", 1.602e-19 unchanged."""
    value = float(value)
    if not value.is_integer():
        return f"{value:.15g}"
    return str(int(value)) if abs(value) < WRITTEN_OUT else repr(value)


def exact(value: float) -> Decimal:
    """The decimal number of the written digits, without binary rounding errors."""
    return Decimal(written(value))


def typed(text: str, commas_group: bool) -> tuple[float, str] | None:
    """The number and the unit after it; None for any other text.

    `commas_group` says that "1,000" is a thousand. Before an exponent the comma is always decimal,
    because numbers such as "6,022e23" have no thousands to group.
    """
    found = TYPED.fullmatch(text.translate(MINUS_AND_SPACES).strip())
    if not found:
        return None
    power = found["e"] or found["power"] or (found["raised"] or "").translate(RAISED)
    digits = _plain(found["digits"], commas_group and not power)
    if not digits:
        return None
    value = float(f"{found['sign']}{digits}e{power or 0}")
    lost = value == 0 and digits.strip("0.") != ""
    return None if lost or not math.isfinite(value) else (value, (found["unit"] or "").strip())


def _plain(digits: str, commas_group: bool) -> str | None:
    """Digits with at most one point; None if separators do not divide groups of three."""
    whole, point, rest = digits, "", ""
    if mark := _decimal_mark(digits, commas_group):
        whole, point, rest = digits.rpartition(mark)
    if whole and not whole.isdigit():
        if not GROUPED.fullmatch(whole):
            return None
        whole = re.sub(r"[^0-9]", "", whole)
    return f"{whole or 0}{'.' if point else ''}{rest}" if not rest or rest.isdigit() else None


def _decimal_mark(digits: str, commas_group: bool) -> str:
    """The decimal separator, "." or ","; "" if there is none."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return max(".,", key=digits.rfind)
    if points == 1:
        return "."
    if commas == 1 and not (commas_group and AMBIGUOUS.fullmatch(digits)):
        return ","
    return ""
