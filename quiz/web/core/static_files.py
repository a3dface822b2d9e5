"""The files of static/, held in memory and addressed by the hash of them all. Knows no page.

The hash stands in the path: so what a script or sheet names relatively carries it too.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ADDRESS = "/static"
FOREVER = "public, max-age=31536000, immutable"
# A copy that the browser keeps but asks about: an address without the hash, or an author at work.
ASK = "no-cache"
# mimetypes reads the machine's own tables, which differ.
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
TEXT = frozenset({"text/javascript", "text/css", "image/svg+xml", "text/plain", "application/json"})


@dataclass(frozen=True, slots=True)
class StaticFile:
    body: bytes
    packed: bytes | None
    media_type: str
    etag: str


def read(path: Path) -> StaticFile:
    body = path.read_bytes()
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    packed = gzip.compress(body, mtime=0) if media_type in TEXT else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return StaticFile(body, packed, media_type, etag)


class StaticFiles:
    """Under `reload` files are read anew each time and their addresses carry no hash."""

    def __init__(self, folder: Path, reload: bool) -> None:
        self._folder = folder
        self._reload = reload
        self._files = {} if reload else self._read_all()
        self._modules: list[str] | None = None
        self.version = "" if reload else _version(self._files)

    def address(self, name: str) -> str:
        return f"{ADDRESS}/{self.version}/{name}" if self.version else f"{ADDRESS}/{name}"

    def find(self, path: str) -> tuple[StaticFile, str] | None:
        """The file at a path below /static and how long it may be kept."""
        files = self._read_all() if self._reload else self._files
        head, _, rest = path.partition("/")
        if head == self.version and rest in files:
            return files[rest], FOREVER
        return (files[path], ASK) if path in files else None

    def modules(self) -> list[str]:
        """The addresses of the behaviours in js/, which every page loads."""
        if self._modules is None or self._reload:
            names = (path.name for path in sorted((self._folder / "js").glob("[!_]*.js")))
            self._modules = [self.address(f"js/{name}") for name in names]
        return self._modules

    def _read_all(self) -> dict[str, StaticFile]:
        paths = (path for path in sorted(self._folder.rglob("*")) if path.is_file())
        return {path.relative_to(self._folder).as_posix(): read(path) for path in paths}


def _version(files: Mapping[str, StaticFile]) -> str:
    whole = hashlib.sha256()
    for name, file in files.items():
        whole.update(f"{name} {file.etag}\n".encode())
    return whole.hexdigest()[:12]
