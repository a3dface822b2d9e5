"""The colours: text and controls have enough contrast, in light and in dark."""

import re

import pytest

from quiz.registry import SHIPPED

SHEET = (SHIPPED / "static" / "css" / "tokens.css").read_text()
PAIRS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", SHEET)
}
SHEETS = "".join(path.read_text() for path in sorted((SHIPPED / "static" / "css").glob("*.css")))
CONTROLS = (".button", ".input", ".choice", ".pick label", ".order__move")
TEXT = 4.5
CONTROL = 3.0
PAPERS = ("paper", "sheet", "sunk")
ON = [
    *((text, paper, TEXT) for text in ("ink", "ink-soft", "accent") for paper in PAPERS),
    *((state, paper, TEXT) for state in ("good", "bad", "half") for paper in ("paper", "sheet")),
    *((state, f"{state}-wash", TEXT) for state in ("good", "bad", "half", "accent")),
    *(("ink-soft", f"{state}-wash", TEXT) for state in ("good", "bad", "half", "accent")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-deep", TEXT),
    *((f"code-{part}", "sheet", TEXT) for part in ("keyword", "name", "string")),
    *(("edge", paper, CONTROL) for paper in PAPERS),
    *((f"lane-{lane}", "sheet", CONTROL) for lane in ("client", "loop", "thread", "worker")),
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), ON)
def test_colours_have_enough_contrast(scheme: str, front: str, back: str, least: float) -> None:
    place = ("light", "dark").index(scheme)
    assert contrast(PAIRS[front][place], PAIRS[back][place]) >= least


@pytest.mark.parametrize("control", CONTROLS)
def test_the_border_of_a_control_has_the_measured_colour(control: str) -> None:
    rule = re.search(rf"^  {re.escape(control)} {{(.*?)}}", SHEETS, re.MULTILINE | re.DOTALL)
    assert rule
    assert "border: 1px solid var(--edge);" in rule[1]
