"""A demo's files with syntax colours; functions on the timeline have the colour of their lane."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from quiz.web.core import syntax


@dataclass(frozen=True, slots=True)
class File:
    name: str
    html: Markup


def files(
    source: Mapping[str, str], lanes: Mapping[str, str] | None = None, line: int | None = None
) -> list[File]:
    """`lanes` maps names of functions to lanes. The function at `line` is marked as selected."""
    seen = tuple(sorted((lanes or {}).items()))
    return [File(name, _coloured(text, name, seen, line)) for name, text in source.items()]


@lru_cache(maxsize=128)
def _coloured(text: str, name: str, lanes: tuple[tuple[str, str], ...], line: int | None) -> Markup:
    return syntax.code(text, name, dict(lanes), chosen=line)
