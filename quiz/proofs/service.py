"""Proofs made on this machine: one question at a time, in the background, kept beside the database.

Knows how to prove and where to keep it; no page.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from quiz.demos.model import Demo
from quiz.errors import QuizError
from quiz.proofs.prover import Prover
from quiz.proofs.record import Need, Proof, ProofFile, needs
from quiz.questions.base import Question
from quiz.runs.service import Runs

# Fewer than `quiz prove` makes, and as many of them at once as there is memory for beside a run of
# somebody else's: somebody waits. Where that bends a run's times, it is made again.
TIMES, AT_ONCE = 3, 16
LEAST_AT_ONCE = 2
MOST_AT_ONCE = 2


class BusyError(QuizError):
    """Enough is being proven already."""


@dataclass
class Going:
    """A proof that is being made: how many of its runs have ended, of how many at least."""

    done: int
    of: int


class Proofs:
    """`demos` gives those of the newest catalog."""

    def __init__(self, folder: Path, runs: Runs, demos: Callable[[], Mapping[str, Demo]]) -> None:
        self._folder = folder
        self._runs = runs
        self._demos = demos
        self._files: dict[str, ProofFile] = {}
        self._going: dict[tuple[str, str], Going] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def made(self, pack: str, question: str) -> Proof | None:
        """The newest of this machine."""
        return self._kept(pack).of(question)

    def going(self, pack: str, question: str) -> Going | None:
        return self._going.get((pack, question))

    def start(self, pack: str, question: Question) -> None:
        """Prove it; once, however often it is asked for meanwhile. Raises BusyError."""
        if (pack, question.id) in self._going:
            return
        if len(self._going) >= MOST_AT_ONCE:
            raise BusyError("Other questions are being proven. Try it again in a minute.")
        going = self._going[pack, question.id] = Going(0, TIMES * len(set(needs(question))))
        task = asyncio.create_task(self._prove(pack, question, going))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _prove(self, pack: str, question: Question, going: Going) -> None:
        def told(_need: Need) -> None:
            going.done += 1
            going.of = max(going.of, going.done)

        try:
            prover = Prover(self._runs, self._demos(), self._places(question), told)
            prover.order(needs(question), TIMES)
            proof = await prover.prove(question, TIMES)
            self._keep(pack, proof)
        finally:
            del self._going[pack, question.id]

    def _places(self, question: Question) -> int:
        room = self._runs.room_for(question.demo.name) if question.demo else AT_ONCE
        return min(max(room - 1, LEAST_AT_ONCE), AT_ONCE)

    def _file(self, pack: str) -> Path:
        return self._folder / f"{pack}.proof.json"

    def _kept(self, pack: str) -> ProofFile:
        if pack not in self._files:
            self._files[pack] = ProofFile(pack=pack, questions=())
            with contextlib.suppress(OSError, ValueError):
                text = self._file(pack).read_text(encoding="utf-8")
                self._files[pack] = ProofFile.model_validate_json(text)
        return self._files[pack]

    def _keep(self, pack: str, proof: Proof) -> None:
        """The whole file again, in one instant."""
        others = [known for known in self._kept(pack).questions if known.id != proof.id]
        file = self._files[pack] = ProofFile(pack=pack, questions=(*others, proof))
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._file(pack).with_suffix(".new")
        new.write_text(file.model_dump_json(exclude_defaults=True), encoding="utf-8")
        os.replace(new, self._file(pack))
