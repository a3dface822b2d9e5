"""An installed pack and the version that replaces it. The answers in the database stay.

Answers are kept by the names of the pack and of its questions, so a new version finds them again.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quiz.demos.model import Demo
from quiz.documents.regular_file import UnreadableError, read_bytes
from quiz.errors import QuizError
from quiz.packs.archive import LARGEST_FILE, SHAPES, ArchiveError, Contents, gather
from quiz.packs.catalog import Catalog
from quiz.packs.pack import Pack


@dataclass(frozen=True)
class Installed:
    """A pack in the folder in which packs are installed, with all of its files."""

    pack: Pack
    contents: Contents

    @classmethod
    def find(cls, catalog: Catalog, folder: Path, slug: str | None) -> "Installed | None":
        pack = catalog.packs.get(slug or "")
        if pack is None or Path(pack.file).absolute().parent != folder.absolute():
            return None
        files = dict(gather(folder, pack, list(brought(catalog, folder, pack))).files)
        stem = Path(pack.file).stem
        for name in [name for name in files if Path(name).stem in ("LICENSE", "README")]:
            del files[name]  # the folder's, not this pack's
        for file in (*folder.glob(f"{stem}.LICENSE*"), *folder.glob(f"{stem}.README*")):
            files[file.name] = _content(file)
        return cls(pack, Contents(files))

    def replace(self, new: Contents, folder: Path) -> None:
        """The new files in place of the old ones; all of the old ones if one cannot be written."""
        with tempfile.TemporaryDirectory(prefix=".after-response-", dir=folder) as stage:
            new.write(Path(stage))
            try:
                for name in new.in_order():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    os.replace(Path(stage) / name, folder / name)
                for name in self.contents.files.keys() - new.files.keys():
                    (folder / name).unlink(missing_ok=True)
            except OSError as error:
                self._restore(new, folder)
                reason = f"{error.filename} cannot be written: {error.strerror}."
                raise ArchiveError(f"{reason} The installed version was kept.") from None
        for name in self.contents.files:
            with contextlib.suppress(OSError):
                (folder / name).parent.rmdir()  # a demo that the new version no longer has

    def _restore(self, new: Contents, folder: Path) -> None:
        for name in new.files.keys() - self.contents.files.keys():
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)
        for name, content in self.contents.files.items():
            with contextlib.suppress(OSError):
                (folder / name).write_bytes(content)


def refuse_foreign(old: Installed | None, new: Contents, folder: Path) -> None:
    """Raises ArchiveError where a new file would replace one that is not the installed pack's."""
    own = old.contents.files if old else {}
    for name in new.files:
        if name not in own and os.path.lexists(folder / name):
            reason = f"{folder / name} is there already and belongs to no earlier version"
            raise ArchiveError(f"{reason} of the pack. Nothing was installed.")


def copy_without(old: Installed, folder: Path, to: Path) -> None:
    """The other packs of the folder, to try them beside the new version."""
    for file in (*folder.glob("*"), *folder.glob("demos/*/*"), *folder.glob("environments/*")):
        name = file.relative_to(folder).as_posix()
        if name in old.contents.files or not SHAPES.fullmatch(name):
            continue
        with contextlib.suppress(UnreadableError):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            (to / name).write_bytes(read_bytes(file, LARGEST_FILE))


def refuse_harm(before: Catalog, after: Catalog, slug: str) -> None:
    """Raises QuizError where another pack would stop working: one that uses this one's demos."""
    if lost := [name for name in before.packs if name != slug and name not in after.packs]:
        names = ", ".join(lost)
        raise QuizError(f"Nothing was installed: {names} would not work with the new version.")


def brought(catalog: Catalog, folder: Path, pack: Pack) -> Iterator[Demo]:
    """The demos of the folder that the pack names."""
    cards = [topic.interview for topic in pack.topics.values() if topic.interview]
    asked = [question.demo for question in pack.questions]
    asked += [follow_up.demo for card in cards for follow_up in card.follow_ups]
    for name in dict.fromkeys(demo.name for demo in asked if demo):
        demo = catalog.demos[name]
        if demo.folder.absolute().is_relative_to(folder.absolute()):
            yield demo


def _content(file: Path) -> bytes:
    try:
        return read_bytes(file, LARGEST_FILE)
    except UnreadableError as error:
        raise ArchiveError(f"{file} {error}") from None
