"""A measured figure beside its goal, and the statistics that lead to it. Measures nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


class BenchError(Exception):
    """The reason why a figure could not be measured."""


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    value: float
    goal: float
    unit: str = ""
    at_least: bool = False  # else the goal is a bound from above
    notes: tuple[str, ...] = field(default=())

    @property
    def is_met(self) -> bool:
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def shown(self) -> str:
        return f"{_number(self.value)} {self.unit}".rstrip()

    @property
    def bar(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.goal:g} {self.unit}".rstrip()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The single measurements in the order in which they were taken."""
    return ", ".join(f"{value:.{digits}f}" for value in values)


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
