"""The proofs that this machine made: a file per pack in the data folder."""

import contextlib
import os
from pathlib import Path

from quiz.proofs.record import Proof, ProofFile


class ProofFiles:
    """`folder` is created with the first proof. A file that cannot be read counts as empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, ProofFile] = {}

    def get(self, pack: str, question: str) -> Proof | None:
        return self._file(pack).of(question)

    def put(self, pack: str, proof: Proof) -> None:
        """Replace the proof of this question. Readers see the old file or the new one."""
        others = [known for known in self._file(pack).questions if known.id != proof.id]
        file = self._read[pack] = ProofFile(pack=pack, questions=(*others, proof))
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._path(pack).with_suffix(".new")
        new.write_text(file.model_dump_json(exclude_defaults=True), encoding="utf-8")
        os.replace(new, self._path(pack))

    def _file(self, pack: str) -> ProofFile:
        if pack not in self._read:
            self._read[pack] = ProofFile(pack=pack, questions=())
            with contextlib.suppress(OSError, ValueError):
                text = self._path(pack).read_text(encoding="utf-8")
                self._read[pack] = ProofFile.model_validate_json(text)
        return self._read[pack]

    def _path(self, pack: str) -> Path:
        return self._folder / f"{pack}.proof.json"
