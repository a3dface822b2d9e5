"""Packs and demos, found and checked: a frozen catalog, and a shelf that holds the newest.

A new pack is a .yaml or .yml file in content/ or in a folder of QUIZ_PACKS. A broken one stops
no other.
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

from quiz.demos.loader import DEMOS, MARKER, load_demos
from quiz.demos.locks import Locks, folders
from quiz.demos.model import Demo
from quiz.documents.regular_file import MEGABYTE, UnreadableError, read_text
from quiz.documents.yaml_document import Document, Problem, ProblemsError, shown
from quiz.packs.lint import hints
from quiz.packs.loader import read, slug_of
from quiz.packs.pack import Pack
from quiz.proofs.record import ProofFile
from quiz.registry import CONTENT
from quiz.settings import Settings

logger = logging.getLogger(__name__)

SCHEMA = CONTENT / "pack.schema.json"
# The run that the first page shows before anyone has run a demo.
FIRST_RUN = CONTENT / "first-run.json"
DEMO_SCHEMA = CONTENT / "demo.schema.json"
LARGEST_PROOF = 20 * MEGABYTE


def proof_file(pack: Pack) -> Path:
    """Where the record of a pack's proofs lies: beside it."""
    return Path(pack.file).with_suffix(".proof.json")


def changed(pack: Pack) -> datetime:
    """When its file was written last; now, where it is gone since it was read."""
    with contextlib.suppress(OSError):
        return datetime.fromtimestamp(Path(pack.file).stat().st_mtime, UTC)
    return datetime.now(UTC)


@dataclass(frozen=True)
class BrokenPack:
    """A file that is no usable pack. `slug` is None where not even that can be read."""

    file: str
    slug: str | None
    problems: Sequence[Problem]


@dataclass(frozen=True)
class Catalog:
    """All that can be learnt: packs and demos by their names, and what is wrong with the rest."""

    packs: Mapping[str, Pack]
    broken: Sequence[BrokenPack]
    demos: Mapping[str, Demo]
    problems: Sequence[Problem]
    proofs: Mapping[str, ProofFile]


class Shelf:
    """Holds the catalog; with `reload` it looks first whether a file has changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._seen = self._state()
        self._catalog = load(settings)

    @property
    def catalog(self) -> Catalog:
        if self._settings.reload:
            with self._lock:
                state = self._state()
                if state != self._seen:
                    self._catalog, self._seen = load(self._settings), state
        return self._catalog

    def _state(self) -> frozenset[tuple[str | int, ...]]:
        # Of a file that is gone since it was listed, only the name is known.
        packs = _pack_files(self._settings)
        proofs = [file.with_suffix(".proof.json") for file in packs]
        files = [*packs, *proofs, *_demo_files(self._settings)]
        return frozenset((str(file), *_stamp(file)) for file in files)


def load(settings: Settings) -> Catalog:
    """Never raises for a pack or demo: what is wrong stands in the catalog."""
    demos, problems = load_demos(*_demo_roots(settings))
    broken_demos = _by_demo(problems, demos)
    problems += Locks.below(folders(settings.packs)).problems
    packs: dict[str, Pack] = {}
    broken = list(_missing_folders(settings))
    for file in _pack_files(settings):
        try:
            pack = _read(file, demos, broken_demos)
            _alone(pack, packs)
            packs[pack.slug] = pack
        except ProblemsError as error:
            broken.append(BrokenPack(shown(file), slug_of(file), error.problems))
    proofs = {slug: found for slug, pack in packs.items() if (found := _proofs(pack, problems))}
    return Catalog(MappingProxyType(packs), broken, MappingProxyType(demos), problems, proofs)


def _read(file: Path, demos: Mapping[str, Demo], broken: Mapping[str, list[Problem]]) -> Pack:
    """Raises ProblemsError, whatever happens: a pack must not stop the app."""
    try:
        return read(file, demos, broken)
    except ProblemsError:
        raise
    except Exception as error:
        logger.exception("%s could not be read", file)
        reason = f"cannot be read: {type(error).__name__}"
        mend = "This is a fault of After Response: please report it, with the file."
        raise ProblemsError([Problem(shown(file), 1, 1, "", reason, mend)]) from error


def _by_demo(problems: Sequence[Problem], demos: Mapping[str, Demo]) -> dict[str, list[Problem]]:
    """The demos that cannot be used, each with what is wrong with it."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if (name := Path(problem.file).parent.name) not in demos:
            found.setdefault(name, []).append(problem)
    return found


def _proofs(pack: Pack, problems: list[Problem]) -> ProofFile | None:
    """The record beside a pack, if there is one that can be read."""
    file = proof_file(pack)
    try:
        if not os.path.lexists(file):
            return None
        return ProofFile.model_validate_json(read_text(file, LARGEST_PROOF))
    except (UnreadableError, ValueError):
        mend = f"Make a new one: quiz prove {pack.slug}."
        problems.append(Problem(shown(file), 1, 1, "", "is not a record of proofs", mend))
        return None


def check(settings: Settings, files: Sequence[str | Path] = ()) -> list[Problem]:
    """Everything that is wrong with these files, or with all packs and demos if none is named."""
    if not files:
        catalog = load(settings)
        found = [*catalog.problems, *(p for pack in catalog.broken for p in pack.problems)]
        return list(dict.fromkeys(found))
    demos, of_demos = load_demos(*_demo_roots(settings))
    broken = _by_demo(of_demos, demos)
    problems: list[Problem] = []
    packs: dict[str, Pack] = {}
    for file in map(Path, files):
        if file.name == MARKER:
            problems += [p for p in of_demos if Path(p.file).parent == Path(shown(file)).parent]
            continue
        try:
            pack = _read(file, demos, broken)
            named = {question.demo.name for question in pack.questions if question.demo}
            problems += [p for p in of_demos if Path(p.file).parent.name in named]
            _alone(pack, packs)
            packs[pack.slug] = pack
        except ProblemsError as error:
            problems += error.problems
    return list(dict.fromkeys(problems))


def review(settings: Settings, files: Sequence[str | Path] = ()) -> list[Problem]:
    """What could be better about the sound ones of these files, or of all packs."""
    demos, _ = load_demos(*_demo_roots(settings))
    found: list[Problem] = []
    for file in map(Path, files or _pack_files(settings)):
        with contextlib.suppress(ProblemsError):
            found += hints(_read(file, demos, {}), Document.read(file))
    return found


def _demo_roots(settings: Settings) -> list[Path]:
    return [DEMOS, *(folder / "demos" for folder in settings.packs)]


def _pack_files(settings: Settings) -> list[Path]:
    roots = [CONTENT, *settings.packs]
    return [file for root in roots for file in sorted([*root.glob("*.yaml"), *root.glob("*.yml")])]


def _demo_files(settings: Settings) -> list[Path]:
    roots = _demo_roots(settings)
    return [f for root in roots for pattern in ("*/*.py", "*/*.yaml") for f in root.glob(pattern)]


def _stamp(file: Path) -> tuple[int, ...]:
    with contextlib.suppress(OSError):
        stat = file.stat()
        return stat.st_mtime_ns, stat.st_size
    return ()


def _missing_folders(settings: Settings) -> Iterator[BrokenPack]:
    for folder in settings.packs:
        if not folder.is_dir():
            problem = Problem(shown(folder), 1, 1, "", "is not a folder", "Correct QUIZ_PACKS.")
            yield BrokenPack(shown(folder), None, [problem])


def _alone(pack: Pack, packs: Mapping[str, Pack]) -> None:
    """Raises ProblemsError where another file has the pack's name."""
    if other := packs.get(pack.slug):
        reason = f"the pack {pack.slug} is in {other.file} and in {pack.file}"
        mend = "Give one of them another name."
        raise ProblemsError([Problem(pack.file, 1, 1, "pack", reason, mend)])
