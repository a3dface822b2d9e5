"""`python -m bench` prints each figure beside its goal. It exits 0 even if a goal is missed."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.table import Table

from bench import browser, first_task, growth, lesson, lighthouse, pages, proof, recall, runs, start
from bench.figures import BenchError, Figure
from bench.server import Place, place

PARTS: dict[str, Callable[[Place], Iterator[Figure]]] = {
    "start": start.figures,
    "runs": runs.figures,
    "first_task": first_task.figures,
    "pages": pages.figures,
    "growth": growth.figures,
    "browser": browser.figures,
    "recall": recall.figures,
    "proof": proof.figures,
    "lesson": lesson.figures,
}
# Only by name: it needs npm.
BY_NAME: dict[str, Callable[[Place], Iterator[Figure]]] = {"lighthouse": lighthouse.figures}
WIDTH = 100


def main(chosen: Sequence[str]) -> int:
    """Runs all parts of the bench, or only the named ones."""
    parts = PARTS | BY_NAME
    if unknown := set(chosen) - set(parts):
        sys.stderr.write(f"bench: {', '.join(unknown)}? There are: {', '.join(parts)}.\n")
        return 2
    found: list[Figure] = []
    try:
        with place() as at:
            for name in chosen or PARTS:
                for figure in parts[name](at):
                    sys.stderr.write(f"{figure.what.strip()}: {figure.shown}\n")
                    found.append(figure)
    except BenchError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    finally:
        show(found)
    return 0


def show(found: Sequence[Figure]) -> None:
    table = Table("What", box=None, pad_edge=False)
    for heading in ("Measured", "Goal"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for figure in found:
        table.add_row(figure.what, figure.shown, figure.bar, "met" if figure.is_met else "missed")
    console = Console(width=WIDTH, highlight=False, soft_wrap=False)
    console.print()
    console.print(table)
    console.print()
    for figure in found:
        console.print(f"{figure.what.strip()}: {' '.join(figure.notes)}", markup=False)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    console.print(
        f"\nOne run on {os.cpu_count()} cores that the load generator shares, and whatever else"
        f" runs here (load averages at the end: {load}). Medians and ratios; a single figure may"
        " be off by a fifth."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
