"""Checks packs and demos for their authors: what is wrong, and what could be better."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quiz.demos.loader import MARKER
from quiz.documents.yaml_document import Document, Problem, ProblemsError, shown
from quiz.packs.catalog import Catalog, DemoCatalog, add, load
from quiz.packs.lint import hints
from quiz.packs.pack import Pack
from quiz.registry import pack_roots
from quiz.settings import Settings


@dataclass(frozen=True)
class Report:
    """`hints` are those on the valid packs."""

    problems: list[Problem]
    hints: list[Problem]


def check(settings: Settings, files: Sequence[str | Path] = ()) -> Report:
    """The report on these files; on all packs and demos if none is named."""
    if not files:
        catalog = load(settings)
        problems, packs = list(_all_problems(catalog)), list(catalog.packs.values())
    else:
        problems, packs = _of_files(settings, [Path(file) for file in files])
    found = [hint for pack in packs for hint in hints(pack, Document.read(Path(pack.file)))]
    return Report(list(dict.fromkeys(problems)), found)


def _all_problems(catalog: Catalog) -> Iterator[Problem]:
    yield from catalog.problems
    for pack in catalog.broken:
        yield from pack.problems


def _of_files(settings: Settings, files: Sequence[Path]) -> tuple[list[Problem], list[Pack]]:
    demos = DemoCatalog.load(pack_roots(settings.packs))
    problems: list[Problem] = []
    packs: dict[str, Pack] = {}
    for file in files:
        if file.name == MARKER:
            folder = Path(shown(file)).parent
            problems += [p for p in demos.problems if Path(p.file).parent == folder]
            continue
        try:
            pack = add(packs, file, demos)
            named = {question.demo.name for question in pack.questions if question.demo}
            problems += [p for p in demos.problems if Path(p.file).parent.name in named]
        except ProblemsError as error:
            problems += error.problems
    return problems, list(packs.values())
