"""Placeholders in the texts of questions: {task_a_seconds} stands for a parameter's value."""

import re
from collections.abc import Mapping

# {{item}} stands for {item} itself.
PLACEHOLDER = re.compile(r"\{\{([a-z_][a-z0-9_]*)\}\}|\{([a-z_][a-z0-9_]*)\}")


def number(value: float) -> str:
    """The number as text: 2.0 as "2", 0.25 as "0.25"."""
    return f"{value:.10g}"


def placeholders(text: str) -> list[str]:
    """The names of the parameters that a text shows."""
    return [match[2] for match in PLACEHOLDER.finditer(text) if match[2]]


def fill(text: str, values: Mapping[str, float]) -> str:
    """The text with the parameters' values. An unknown placeholder stays as written."""

    def value(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return f"{{{literal}}}"
        return number(values[name]) if name in values else match[0]

    return PLACEHOLDER.sub(value, text)
