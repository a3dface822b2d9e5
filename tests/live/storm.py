"""A process that stores answers as fast as it can and prints each that was acknowledged."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from quiz.learning.attempt import Attempt, new_id
from quiz.storage.storage import Storage

AT_ONCE = 50


async def answer(storage: Storage, name: str, each: int) -> None:
    for token in (f"{name}-{k}" for k in range(each)):
        new = Attempt(
            id=new_id(),
            learner="a" * 64,
            token=token,
            pack="p",
            question=f"q{len(token) % 3}",
            kind="choice",
            answer=["o1"],
            score=1.0,
            at=datetime.now(UTC),
        )
        kept = await storage.attempts.add(new)
        # One unbuffered write: a kill between two of them tears no line.
        os.write(1, f"{kept.token} {kept.id}\n".encode())


async def main(path: Path, name: str, each: int) -> None:
    storage = Storage(path)
    await storage.start()
    await asyncio.gather(*(answer(storage, f"{name}-{n}", each) for n in range(AT_ONCE)))
    await storage.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
