"""The files of static/ in memory, also compressed. Their addresses contain a hash of all files.

The hash is a folder of the path, so relative addresses in scripts and style sheets contain it too.
Starlette's StaticFiles has no such addresses and takes 2.5 ms of CPU per request for htmx.min.js,
because it compresses the file each time. These take 0.07 ms.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ADDRESS = "/static"
FOREVER = "public, max-age=31536000, immutable"
# The browser keeps a copy and asks whether it is current: for an address without the hash.
ASK = "no-cache"
# mimetypes reads tables of the machine, which differ.
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
    """With `reload`, files are read again for each request, and their addresses have no hash."""

    def __init__(self, folder: Path, reload: bool) -> None:
        self._folder = folder
        self._reload = reload
        self._files = {} if reload else self._read_all()
        self._modules: list[str] | None = None
        self.version = "" if reload else _version(self._files)

    def address(self, name: str) -> str:
        return f"{ADDRESS}/{self.version}/{name}" if self.version else f"{ADDRESS}/{name}"

    def find(self, path: str) -> tuple[StaticFile, str] | None:
        """The file at a path below /static, and its Cache-Control header."""
        files = self._read_all() if self._reload else self._files
        head, _, rest = path.partition("/")
        if head == self.version and rest in files:
            return files[rest], FOREVER
        return (files[path], ASK) if path in files else None

    def modules(self) -> list[str]:
        """The addresses of the modules in js/ that every page loads."""
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
