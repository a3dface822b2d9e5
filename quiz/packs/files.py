"""The files of pack roots. The shipped root comes first, then the folders of QUIZ_PACKS.

Each root has packs (*.yaml), their proofs, demos/NAME/ and environments/NAME.txt.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from quiz.packs.pack import Pack
from quiz.registry import CONTENT

SCHEMA = CONTENT / "pack.schema.json"
DEMO_SCHEMA = CONTENT / "demo.schema.json"
# The run that the first page shows until someone has run a demo.
FIRST_RUN = CONTENT / "first-run.json"
# A set of these differs as soon as a file has changed.
Stamp = tuple[str | int, ...]


def pack_files(roots: Sequence[Path]) -> list[Path]:
    return [file for root in roots for file in sorted([*root.glob("*.yaml"), *root.glob("*.yml")])]


def demo_folders(roots: Sequence[Path]) -> list[Path]:
    return [root / "demos" for root in roots]


def proof_file(pack: Pack) -> Path:
    """The record of the pack's proofs, beside the pack."""
    return _proof_beside(Path(pack.file))


def stamps(roots: Sequence[Path]) -> frozenset[Stamp]:
    """The time and size of each file that the catalog is read from."""
    packs = pack_files(roots)
    files = [*packs, *map(_proof_beside, packs)]
    for folder in demo_folders(roots):
        files += [*folder.glob("*/*.py"), *folder.glob("*/*.yaml")]
    return frozenset((str(file), *_stamp(file)) for file in files)


def _proof_beside(pack: Path) -> Path:
    return pack.with_suffix(".proof.json")


def _stamp(file: Path) -> tuple[int, ...]:
    # A file may be deleted after it was listed.
    with contextlib.suppress(OSError):
        stat = file.stat()
        return stat.st_mtime_ns, stat.st_size
    return ()
