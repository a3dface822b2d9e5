"""A pack as a zip file: which files it contains, and how it is unpacked safely.

Only known paths are unpacked, in limited number and size, and never links.
"""

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quiz.demos.model import Demo
from quiz.documents.regular_file import MEGABYTE, UnreadableError, printable, read_bytes
from quiz.errors import QuizError
from quiz.packs.pack import Pack

MOST_FILES, LARGEST_FILE, LARGEST = 300, 10 * MEGABYTE, 30 * MEGABYTE
NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}"
# The permitted paths: a pack, its proof, its license, demos with Python files, environments.
SHAPES = re.compile(
    rf"{NAME}\.ya?ml|{NAME}\.proof\.json|(LICENSE|README)(\.md|\.txt)?"
    rf"|demos/[a-z][a-z0-9_]{{0,60}}/({NAME}\.py|demo\.yaml)|environments/{NAME}\.(in|txt)"
)
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The earliest time that a zip can have, so that zips of the same files are identical.
TIME = (1980, 1, 1, 0, 0, 0)


class ArchiveError(QuizError):
    """A zip that is not a pack, or that is not safe to unpack."""


@dataclass(frozen=True)
class Contents:
    """The files of a pack, by their path in the zip."""

    files: Mapping[str, bytes]

    @property
    def packs(self) -> list[str]:
        return [name for name in self.files if "/" not in name and name.endswith(("yaml", "yml"))]

    @property
    def code(self) -> list[str]:
        """The files that are executed."""
        return sorted(name for name in self.files if name.endswith(".py"))

    @property
    def locks(self) -> list[str]:
        return sorted(name for name in self.files if name.startswith("environments/"))

    def in_order(self) -> list[str]:
        """The names of the files. The pack is last, so that its demos exist when it appears."""
        return sorted(self.files, key=lambda name: (name in self.packs, name))

    def installed(self) -> "Contents":
        """The files for a folder of several packs: license and readme have the pack's name."""
        pack = Path(self.packs[0]).stem
        general = ("LICENSE", "README")
        return Contents(
            {
                f"{pack}.{name}" if Path(name).stem in general else name: content
                for name, content in self.files.items()
            }
        )

    def write(self, folder: Path) -> list[Path]:
        """Writes the files, which must not exist. If that fails, deletes what was written."""
        written: list[Path] = []
        try:
            for name in self.in_order():
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                with open(file, "xb") as new:
                    written.append(file)
                    new.write(self.files[name])
        except OSError as error:
            for file in written:
                file.unlink()
            raise ArchiveError(f"{error.filename} cannot be written: {error.strerror}.") from None
        return written


def gather(folder: Path, pack: Pack, demos: Sequence[Demo]) -> Contents:
    """The files of a pack, of the demos that it contains and of their environments."""
    proof = Path(pack.file).with_suffix(".proof.json")
    # A pack without claims has no proof.
    files = [Path(pack.file), *([proof] if os.path.lexists(proof) else [])]
    files += [file for file in sorted(folder.glob("*")) if file.stem in ("LICENSE", "README")]
    for demo in demos:
        files += [demo.folder / name for name in ("demo.yaml", "scenario.py", *demo.sources)]
        names = {name for variant in demo.variants.values() for name in variant.environments}
        locks = folder / "environments"
        files += [file for name in sorted(names) for file in sorted(locks.glob(f"{name}.*"))]
    found: dict[str, bytes] = {}
    for file in files:
        try:
            name = file.absolute().relative_to(folder.absolute()).as_posix()
            found[name] = read_bytes(file, LARGEST_FILE)
        except UnreadableError as error:
            raise ArchiveError(f"{file} {error}") from None
    return Contents(found)


def build(contents: Contents, file: Path) -> None:
    try:
        with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(contents.files):
                info = zipfile.ZipInfo(name, TIME)
                info.external_attr = (stat.S_IFREG | 0o644) << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, contents.files[name])
    except FileExistsError:
        raise ArchiveError(f"{file} is there already. Name another: --to FILE.") from None
    except OSError as error:
        raise ArchiveError(f"{file} cannot be written: {error.strerror}.") from None


def unpack(file: Path) -> Contents:
    """The files of a zip, read into memory with limits. Raises ArchiveError."""
    try:
        read_bytes(file, LARGEST)
        with zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _check(members)
            files: dict[str, bytes] = {}
            left = LARGEST
            for info in members:
                files[info.filename] = _read(archive, info, min(left, LARGEST_FILE))
                left -= len(files[info.filename])
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise ArchiveError(f"{file} is not a zip file that can be read: {error}.") from None
    except UnreadableError as error:
        raise ArchiveError(f"{file} {error}") from None
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror or error}.") from None
    contents = Contents(files)
    if len(contents.packs) != 1:
        raise ArchiveError(f"{file} has {len(contents.packs)} packs; it must have one.")
    return contents


def _check(members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_FILES:
        raise ArchiveError(f"The zip has {len(members)} files; at most {MOST_FILES} are unpacked.")
    names = [info.filename for info in members]
    for info in members:
        name = printable(info.filename)
        if not SHAPES.fullmatch(info.filename) or ".." in info.filename:
            raise ArchiveError(f"The zip has {name}, which is no file of a pack. Ask its author.")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise ArchiveError(f"{name} in the zip is a link or a device. Ask its author.")
        if info.flag_bits & 1 or info.compress_type not in PLAIN:
            raise ArchiveError(f"{name} in the zip is encrypted or packed otherwise than usual.")
    folded = [name.casefold() for name in names]
    if len(set(folded)) < len(folded):
        twice = next(name for name in names if folded.count(name.casefold()) > 1)
        raise ArchiveError(f"The zip has {twice} twice. Ask its author.")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> bytes:
    # The size in the zip may be false, so the unpacked bytes are counted.
    with archive.open(info) as member:
        content = member.read(largest + 1)
    if len(content) > largest:
        most = f"{LARGEST_FILE // MEGABYTE} MB for a file, {LARGEST // MEGABYTE} MB in all"
        raise ArchiveError(f"{info.filename} is too large: at most {most}.")
    return content
