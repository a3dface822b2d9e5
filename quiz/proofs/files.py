"""The proofs that this machine made: a file per pack in the data folder."""

import asyncio
import logging
import os
from pathlib import Path

from quiz.proofs.record import Proof, ProofFile

logger = logging.getLogger("quiz.proofs")

UNSAVED = (
    "We couldn't save this proof: the server's disk refused it. It is lost when the server stops."
)


class ProofFiles:
    """`folder` is created with the first proof. A file that cannot be read counts as empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, ProofFile] = {}
        self._writing = asyncio.Lock()

    async def get(self, pack: str, question: str) -> Proof | None:
        return (await self._file(pack)).of(question)

    async def put(self, pack: str, proof: Proof) -> None:
        """Replace the proof of this question. Readers see the old file or the new one.

        A proof that the disk refuses stays in memory, and its reason says so.
        """
        async with self._writing:
            known = (await self._file(pack)).questions
            others = [other for other in known if other.id != proof.id]
            file = ProofFile(pack=pack, questions=(*others, proof))
            try:
                await asyncio.to_thread(_write, self._path(pack), file)
            except OSError as error:
                logger.error("The proof of %s was not saved: %s", proof.id, error)
                kept = proof.model_copy(update={"reason": UNSAVED})
                file = ProofFile(pack=pack, questions=(*others, kept))
            self._read[pack] = file

    async def _file(self, pack: str) -> ProofFile:
        if pack not in self._read:
            found = await asyncio.to_thread(_read, self._path(pack))
            # Another task may have read or replaced the file meanwhile.
            self._read.setdefault(pack, found or ProofFile(pack=pack, questions=()))
        return self._read[pack]

    def _path(self, pack: str) -> Path:
        return self._folder / f"{pack}.proof.json"


def _read(path: Path) -> ProofFile | None:
    try:
        return ProofFile.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, file: ProofFile) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    try:
        new.write_text(file.model_dump_json(exclude_defaults=True), encoding="utf-8")
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
