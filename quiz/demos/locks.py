"""Lock files of environments: NAME.txt pins the packages that NAME.in names.

Knows where locks are and what is wrong with them, not how environments are built.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quiz.documents.regular_file import MEGABYTE, UnreadableError, read_text
from quiz.documents.yaml_document import Problem, shown
from quiz.errors import did_you_mean
from quiz.registry import CONTENT, pack_roots

SHIPPED_LOCKS = CONTENT / "environments"
LARGEST = 5 * MEGABYTE


@dataclass
class Locks:
    """The locks by name, and the NAME.in files that have no lock yet."""

    found: dict[str, Path] = field(default_factory=dict)
    unlocked: dict[str, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def below(cls, folders: Sequence[Path]) -> "Locks":
        """The locks in these folders. Of two with one name, the first counts: a shipped lock."""
        locks = cls()
        for folder in folders:
            for file in sorted(folder.glob("*.txt")):
                locks._add(file)
            for file in sorted(folder.glob("*.in")):
                if not file.with_suffix(".txt").exists():
                    locks.unlocked[file.stem] = file
                    problem = Problem(shown(file), 1, 1, "", "is not locked", lock_command(file))
                    locks.problems.append(problem)
        return locks

    def _add(self, file: Path) -> None:
        if known := self.found.get(file.stem):
            reason = f"the environment {file.stem} is in {shown(known)} already"
            mend = "Rename this file, and the environment in demo.yaml."
            self.problems.append(Problem(shown(file), 1, 1, "", reason, mend))
            return
        try:
            read_text(file, LARGEST)
        except UnreadableError as error:
            problem = Problem(shown(file), error.line, 1, "", error.reason, error.mend)
            self.problems.append(problem)
            return
        self.found[file.stem] = file

    def lack(self, name: str) -> tuple[str, str] | None:
        """Why no demo can run in this environment, and what to do; None if it has a lock."""
        if name in self.found:
            return None
        if file := self.unlocked.get(name):
            return f"the environment {name} is not locked", lock_command(file)
        return f"there is no environment {name}", did_you_mean(name, self.found)


def folders(packs: Iterable[Path]) -> tuple[Path, ...]:
    """The folders with locks: the shipped one, then those of the folders of packs."""
    return tuple(root / "environments" for root in pack_roots(packs))


def lock_command(file: Path) -> str:
    lock = shown(file.with_suffix(".txt"))
    return (
        f"Lock it with: uv pip compile {shown(file)} --universal --generate-hashes --no-header "
        f"--no-annotate --output-file {lock}"
    )


def foreign(lock: Path) -> Iterator[str]:
    """The lines of a lock that name a package index, a URL or another file."""
    for line in read_text(lock, LARGEST).splitlines():
        written = line.split(" #")[0].strip()
        if written.startswith("#") or written.startswith("--hash="):
            continue
        if written.startswith("-") or "://" in written or " @ " in written:
            yield written


def packages(lock: Path) -> Iterator[str]:
    """The packages that a lock pins, such as celery==5.7.0."""
    for line in read_text(lock, LARGEST).splitlines():
        pinned = line.split(";")[0].rstrip("\\ ").strip()
        if pinned and not line.startswith((" ", "#", "-")):
            yield pinned
