"""Draws docs/architecture.svg from the import graph, so that the diagram stays true.

A box is a package, a row is a layer of the import contracts in pyproject.toml. An arrow leads to a
package that is imported. Arrows that follow from others are left out. `--check` compares only.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import grimp

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "architecture.svg"
PACKAGE = "quiz"
BOX_HEIGHT, ROW_GAP, MARGIN = 34, 40, 20
CHARACTER = 8.4
WIDTH = 860
SWEEPS = 12
STYLE = """
  svg { color-scheme: light dark; font: 14px ui-monospace, monospace; }
  rect { fill: #f5f3ee; stroke: #6b6357; }
  rect.web { fill: #e3edf7; }
  text { fill: #22201c; text-anchor: middle; }
  path { fill: none; stroke: #8a8276; stroke-width: 1.2; }
  marker path { fill: #8a8276; stroke: none; }
  @media (prefers-color-scheme: dark) {
    rect { fill: #2b2926; stroke: #a59c8f; }
    rect.web { fill: #1f3245; }
    text { fill: #f0ece4; }
    path { stroke: #a59c8f; }
    marker path { fill: #a59c8f; }
  }
"""
# Imported from anywhere: drawn as the last row, without arrows.
FOUNDATION = ("settings", "registry", "markdown", "network", "errors")
Rows = Sequence[Sequence[str]]
Arrow = tuple[str, str]
Edges = Mapping[str, frozenset[str]]


class Place(NamedTuple):
    """A box: its middle from the left, its top, its width, all in user units."""

    middle: float
    top: float
    width: float


def layers() -> Rows:
    """The names in each layer from the top, those of `quiz.web` in the place of `web`."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = {
        contract["containers"][0]: [_names(layer) for layer in contract["layers"]]
        for contract in config["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    }
    web = [[f"web.{name}" for name in row] for row in found["quiz.web"]]
    rows = [row for row in found[PACKAGE] for row in (web if row == ["web"] else [row])]
    return [[name for name in row if not name.startswith("__")] for row in rows]


def _names(layer: str) -> list[str]:
    return re.split(r"\s*[|:]\s*", layer)


def imports(names: Sequence[str]) -> Edges:
    """For each of these packages, which others it imports. Facts come from grimp's graph."""
    graph = grimp.build_graph(PACKAGE)
    for name in names:
        if graph.find_children(f"{PACKAGE}.{name}"):
            graph.squash_module(f"{PACKAGE}.{name}")
    return {
        name: frozenset(
            module.removeprefix(f"{PACKAGE}.")
            for module in graph.find_modules_directly_imported_by(f"{PACKAGE}.{name}")
        )
        & frozenset(names) - {name}
        for name in names
    }


def reduced(edges: Edges) -> Iterator[Arrow]:
    """The arrows that do not follow from two or more others."""
    reached: dict[str, frozenset[str]] = {}

    def reach(name: str) -> frozenset[str]:
        if name not in reached:
            reached[name] = edges[name].union(*map(reach, edges[name]))
        return reached[name]

    for name, targets in edges.items():
        for target in sorted(targets):
            if not any(target in reach(other) for other in targets - {target}):
                yield name, target


def ranked(names: Sequence[str], edges: Edges) -> Rows:
    """The names in rows: each as low as the packages that it imports allow."""
    depth: dict[str, int] = {}
    for name in reversed(names):  # What a package imports comes after it, or beside it.
        depth[name] = _depth(name, edges, depth)
    rows = range(max(depth.values()), -1, -1)
    return [[name for name in names if depth[name] == row] for row in rows]


def _depth(name: str, edges: Edges, known: dict[str, int]) -> int:
    if name not in known:
        known[name] = max((_depth(one, edges, known) + 1 for one in edges[name]), default=0)
    return known[name]


def routes(rows: Rows, arrows: Sequence[Arrow]) -> list[list[str]]:
    """For each arrow its ends and the bends between them, one name per row."""
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    return [
        [one, *(f"{one}>{other}@{n}" for n in range(row_of[one] + 1, row_of[other])), other]
        for one, other in arrows
    ]


def placed(rows: Rows, paths: Sequence[Sequence[str]]) -> dict[str, Place]:
    """Boxes and bends. Each row is ordered by the means of its neighbours: few arrows cross."""
    row_of = {name: number for number, row in enumerate(rows) for name in row}
    ordered = [list(row) for row in rows]
    beside: dict[str, list[str]] = {}
    for path in paths:
        for step, (one, other) in enumerate(pairwise(path)):
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
            if ">" in other:
                ordered[row_of[path[0]] + step + 1].append(other)
    middles = _middles(ordered)
    for _ in range(SWEEPS):
        for row in ordered:
            row.sort(key=lambda name: fmean(middles[one] for one in beside.get(name, [name])))
            middles |= _middles([row])
    return {
        name: Place(middles[name], MARGIN + n * (BOX_HEIGHT + ROW_GAP), len(name) * CHARACTER + 28)
        for n, row in enumerate(ordered)
        for name in row
    }


def _middles(rows: Rows) -> dict[str, float]:
    """Bends take a third of the width that a box takes."""
    found = {}
    for row in rows:
        shares = [1 if ">" in name else 3 for name in row]
        left = 0.0
        for name, share in zip(row, shares, strict=True):
            found[name] = WIDTH * (left + share / 2) / sum(shares)
            left += share
    return found


def draw(rows: Rows, arrows: Sequence[Arrow]) -> str:
    """The diagram as SVG text. The last row is what any package may import: it has no arrows."""
    paths = routes(rows, arrows)
    places = placed(rows, paths)
    height = 2 * MARGIN + len(rows) * BOX_HEIGHT + (len(rows) - 1) * ROW_GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"',
        '     aria-label="The packages of quiz in layers; arrows lead to what a package imports.">',
        f"<style>{STYLE}</style>",
        '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"',
        '        orient="auto"><path d="M0 0 8 4 0 8z"/></marker>',
        *(_arrow([places[name] for name in path]) for path in paths),
        *(_box(name, place) for name, place in places.items() if ">" not in name),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _arrow(path: Sequence[Place]) -> str:
    """A line from the lower edge of the first box, down through the bends, to the last box."""
    drawn = f"M{path[0].middle:.0f} {path[0].top + BOX_HEIGHT:.0f}"
    for one, other in pairwise(path):
        top, bottom = one.top + BOX_HEIGHT, other.top
        half = (top + bottom) / 2
        drawn += f"C{one.middle:.0f} {half:.0f} {other.middle:.0f} {half:.0f}"
        drawn += f" {other.middle:.0f} {bottom:.0f}"
        if other is not path[-1]:
            drawn += f"V{bottom + BOX_HEIGHT:.0f}"
    return f'<path d="{drawn}" marker-end="url(#head)"/>'


def _box(name: str, place: Place) -> str:
    kind = ' class="web"' if name.startswith("web.") else ""
    return (
        f'<rect{kind} x="{place.middle - place.width / 2:.0f}" y="{place.top}"'
        f' width="{place.width:.0f}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text x="{place.middle:.0f}" y="{place.top + 22}">{name}</text>'
    )


def main() -> int:
    layered = [name for row in layers() for name in row]
    edges = imports(layered)
    names = [name for name in layered if name not in FOUNDATION]
    inner = {name: edges[name] - set(FOUNDATION) for name in names}
    text = draw([*ranked(names, inner), FOUNDATION], list(reduced(inner)))
    if "--check" not in sys.argv:
        FILE.write_text(text, encoding="utf-8")
    elif text != FILE.read_text(encoding="utf-8"):
        print(f"{FILE.relative_to(ROOT)} is out of date. Type: python scripts/draw_architecture.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
