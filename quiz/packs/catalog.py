"""The catalog: all packs, demos and proofs of the pack roots, and what is wrong with the rest.

A new pack is a .yaml or .yml file in a root. A broken pack stops no other.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from quiz.demos.loader import load_demos
from quiz.demos.locks import Locks, folders
from quiz.demos.model import Demo
from quiz.documents.regular_file import MEGABYTE, UnreadableError, read_text
from quiz.documents.yaml_document import Problem, ProblemsError, shown
from quiz.packs.files import demo_folders, pack_files, proof_file, stamps
from quiz.packs.loader import read, slug_of
from quiz.packs.pack import Pack
from quiz.proofs.record import ProofFile
from quiz.registry import pack_roots
from quiz.settings import Settings

logger = logging.getLogger(__name__)

LARGEST_PROOF = 20 * MEGABYTE


@dataclass(frozen=True)
class BrokenPack:
    """A file that is no valid pack. `slug` is None if not even its name can be read."""

    file: str
    slug: str | None
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Catalog:
    """Packs, demos and proofs by their names. `problems` are those of demos, locks and proofs."""

    packs: Mapping[str, Pack]
    broken: Sequence[BrokenPack]
    demos: Mapping[str, Demo]
    problems: Sequence[Problem]
    proofs: Mapping[str, ProofFile]


class CatalogStore:
    """Holds the catalog. With `reload`, it loads the catalog again when a file has changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._roots = pack_roots(settings.packs)
        self._lock = threading.Lock()
        self._stamps = stamps(self._roots)
        self._catalog = load(settings)

    @property
    def catalog(self) -> Catalog:
        if self._settings.reload:
            with self._lock:
                found = stamps(self._roots)
                if found != self._stamps:
                    self._catalog, self._stamps = load(self._settings), found
        return self._catalog


@dataclass(frozen=True)
class DemoCatalog:
    """The demos of the pack roots, and the problems of demos that cannot be used."""

    demos: Mapping[str, Demo]
    problems: Sequence[Problem]

    @classmethod
    def load(cls, roots: Sequence[Path]) -> "DemoCatalog":
        demos, problems = load_demos(*demo_folders(roots))
        return cls(MappingProxyType(demos), problems)

    @property
    def broken(self) -> dict[str, list[Problem]]:
        """The problems of each demo that cannot be used."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if (name := Path(problem.file).parent.name) not in self.demos:
                found.setdefault(name, []).append(problem)
        return found


def load(settings: Settings) -> Catalog:
    """The catalog of all pack roots. What cannot be used is listed in it; nothing is raised."""
    roots = pack_roots(settings.packs)
    found = DemoCatalog.load(roots)
    problems = [*found.problems, *Locks.below(folders(settings.packs)).problems]
    packs: dict[str, Pack] = {}
    broken = list(_missing_folders(settings.packs))
    for file in pack_files(roots):
        try:
            add(packs, file, found)
        except ProblemsError as error:
            broken.append(BrokenPack(shown(file), slug_of(file), error.problems))
    proofs = {slug: proof for slug, pack in packs.items() if (proof := _proofs(pack, problems))}
    return Catalog(MappingProxyType(packs), broken, found.demos, problems, proofs)


def add(packs: dict[str, Pack], file: Path, demos: DemoCatalog) -> Pack:
    """Reads a pack and adds it. Raises only ProblemsError, so that a pack cannot stop the app."""
    try:
        pack = read(file, demos.demos, demos.broken)
    except ProblemsError:
        raise
    except Exception as error:
        logger.exception("%s could not be read", file)
        reason = f"cannot be read: {type(error).__name__}"
        mend = "This is a fault of After Response: please report it, with the file."
        raise ProblemsError([Problem(shown(file), 1, 1, "", reason, mend)]) from error
    if other := packs.get(pack.slug):
        reason = f"the pack {pack.slug} is in {other.file} and in {pack.file}"
        mend = "Give one of them another name."
        raise ProblemsError([Problem(pack.file, 1, 1, "pack", reason, mend)])
    packs[pack.slug] = pack
    return pack


def changed(pack: Pack) -> datetime:
    """When the pack's file was last written; now, if the file was deleted since it was read."""
    with contextlib.suppress(OSError):
        return datetime.fromtimestamp(Path(pack.file).stat().st_mtime, UTC)
    return datetime.now(UTC)


def _proofs(pack: Pack, problems: list[Problem]) -> ProofFile | None:
    """The record beside a pack; None if there is none or it cannot be read."""
    file = proof_file(pack)
    try:
        if not os.path.lexists(file):
            return None
        return ProofFile.model_validate_json(read_text(file, LARGEST_PROOF))
    except (UnreadableError, ValueError):
        mend = f"Make a new one: quiz prove {pack.slug}."
        problems.append(Problem(shown(file), 1, 1, "", "is not a record of proofs", mend))
        return None


def _missing_folders(packs: Sequence[Path]) -> Iterator[BrokenPack]:
    for folder in packs:
        if not folder.is_dir():
            problem = Problem(shown(folder), 1, 1, "", "is not a folder", "Correct QUIZ_PACKS.")
            yield BrokenPack(shown(folder), None, [problem])
