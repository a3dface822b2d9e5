"""`quiz pack`: builds a zip of a pack, or shows the code of a zip and installs it."""

import argparse
import ipaddress
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from quiz.demos.locks import foreign, packages
from quiz.documents.regular_file import printable
from quiz.documents.yaml_document import shown
from quiz.errors import QuizError, did_you_mean
from quiz.packs.archive import LARGEST, ArchiveError, Contents, build, gather, unpack
from quiz.packs.catalog import Catalog, load
from quiz.packs.loader import slug_of
from quiz.packs.pack import Pack
from quiz.packs.upgrade import Installed, brought, copy_without, refuse_foreign, refuse_harm
from quiz.proofs.judge import hash_of, required_runs
from quiz.settings import Settings

WELL = ("proven", "documentation")
KEYS = {"author": "Your Name", "license": "CC-BY-4.0", "version": "1.0"}
TIMEOUT_SECONDS = 30
WARNING = "Its demos and packages run as you: they can read and change all that you can."


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    if chosen.what == "build":
        return _build(settings, chosen)
    return _add(settings, chosen)


def _build(settings: Settings, chosen: argparse.Namespace) -> int:
    folder = chosen.folder.absolute()
    catalog = load(replace(settings, packs=(folder,)))
    problems = [*catalog.problems, *(p for pack in catalog.broken for p in pack.problems)]
    if problems:
        told = "\n".join(map(str, dict.fromkeys(problems)))
        raise QuizError(f"{folder} has errors, so nothing was built:\n{told}")
    pack = _chosen(catalog, folder, chosen.pack)
    if missing := [key for key in KEYS if not getattr(pack, key)]:
        lines = "\n".join(f"{key}: {KEYS[key]}" for key in missing)
        raise QuizError(f"{pack.file} lacks {', '.join(missing)}. Add at its top:\n{lines}")
    if unproven := _unproven(catalog, pack):
        names = ", ".join(unproven)
        raise QuizError(f"Not proven, or changed since: {names}. Type: quiz prove {pack.slug}")
    file = chosen.to or Path(f"{pack.slug}-{pack.version}.zip")
    contents = gather(folder, pack, list(brought(catalog, folder, pack)))
    build(contents, file)
    print(f"Built {file} with {len(contents.files)} files. To install it: quiz pack add {file}")
    return 0


def _chosen(catalog: Catalog, folder: Path, name: str | None) -> Pack:
    packs = {
        pack.slug: pack
        for pack in catalog.packs.values()
        if Path(pack.file).absolute().parent == folder
    }
    if name is not None and name not in packs:
        raise QuizError(f"{folder} has no pack {name}. {did_you_mean(name, packs)}")
    if name is None and len(packs) != 1:
        which = ", ".join(packs) or "none"
        raise QuizError(f"{folder} has {len(packs)} packs: {which}. Name one: --pack NAME")
    return packs[name or next(iter(packs))]


def _unproven(catalog: Catalog, pack: Pack) -> list[str]:
    """The ids of questions that need a proof and have none, or only one of an older version."""
    proofs = catalog.proofs.get(pack.slug)
    found = []
    for question in pack.questions:
        proof = proofs.of(question.id) if proofs else None
        is_well = proof and proof.status in WELL and proof.hash == hash_of(question, catalog.demos)
        if required_runs(question) and not is_well:
            found.append(question.id)
    return found


def _add(settings: Settings, chosen: argparse.Namespace) -> int:
    target = settings.packs[0] if settings.packs else settings.data / "packs"
    with tempfile.TemporaryDirectory(prefix="after-response-pack-") as place:
        contents = unpack(_fetched(chosen.source, Path(place)))
        folder = Path(place) / "pack"
        contents.write(folder)
        before = load(settings)
        old = Installed.find(before, target, slug_of(folder / contents.packs[0]))
        if old and old.contents == contents.installed():
            print(f"{old.pack.title} ({old.pack.slug}) is installed already, in this version.")
            return 0
        catalog, pack = _sound(_without(settings, old, Path(place) / "others"), folder)
        refuse_harm(before, catalog, pack.slug)
        refuse_foreign(old, contents.installed(), target)
        for line in _shown(catalog, pack, contents, folder):
            print(printable(line))
    if old:
        print(_replaced(old))
    if not chosen.yes and not _agreed():
        print("Nothing was installed.")
        return 1
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    if old:
        old.replace(contents.installed(), target)
    else:
        contents.installed().write(target)
    print(f"Installed: {target / contents.packs[0]}. The quiz shows it after its next start.")
    return 0


def _without(settings: Settings, old: Installed | None, others: Path) -> Settings:
    """The settings with a copy of the first folder that lacks the installed version."""
    if old is None:
        return settings
    others.mkdir()
    copy_without(old, settings.packs[0], others)
    return replace(settings, packs=(others, *settings.packs[1:]))


def _replaced(old: Installed) -> str:
    version = old.pack.version or "unknown"
    return f"It replaces the installed version {version} with its files. Your answers are kept."


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise QuizError("Nothing was installed. Add --yes to install it without being asked.")
    return input("Install it? [y/N] ").strip().lower() in ("y", "yes")


def _fetched(source: str, place: Path) -> Path:
    """The zip as a local file. Downloads it if the source is an address."""
    if "://" not in source:
        return Path(source)
    _refuse_address(source)
    try:
        opener = urllib.request.build_opener(_Redirects)
        with opener.open(source, timeout=TIMEOUT_SECONDS) as answer:
            content = answer.read(LARGEST + 1)
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", "") or str(error) or type(error).__name__
        raise ArchiveError(f"{source} cannot be downloaded: {reason}.") from None
    if len(content) > LARGEST:
        raise ArchiveError(f"{source} is larger than {LARGEST // 1_000_000} MB.")
    file = place / "pack.zip"
    file.write_bytes(content)
    return file


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to an address that is allowed as a source."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _refuse_address(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _refuse_address(address: str) -> None:
    """Raises ArchiveError for an address without https, whose code could be changed on the way."""
    parts = urlsplit(address)
    try:
        local = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        local = parts.hostname == "localhost"
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ArchiveError(f"{address} is not an https:// address. Download the file yourself.")


def _sound(settings: Settings, folder: Path) -> tuple[Catalog, Pack]:
    """The new pack together with those that are installed. Raises QuizError with its errors."""
    catalog = load(replace(settings, packs=(*settings.packs, folder)))
    problems = [*catalog.problems, *(p for pack in catalog.broken for p in pack.problems)]
    own = [str(p).replace(f"{shown(folder)}/", "") for p in problems if _is_below(p.file, folder)]
    for lock in sorted((folder / "environments").glob("*.txt")):
        own += [f"{lock.name}: installs from elsewhere: {line}" for line in foreign(lock)]
    if own:
        told = "\n".join(dict.fromkeys(own))
        raise QuizError(f"Nothing was installed, because the pack has errors:\n{told}")
    return catalog, next(p for p in catalog.packs.values() if _is_below(p.file, folder))


def _is_below(file: str, folder: Path) -> bool:
    return Path(file).absolute().is_relative_to(folder.absolute())


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _shown(catalog: Catalog, pack: Pack, contents: Contents, folder: Path) -> Iterator[str]:
    yield f"{pack.title} ({pack.slug}), version {pack.version or 'unknown'}"
    yield f"  by {pack.author or 'an unknown author'}, license {pack.license or 'unknown'}"
    decided = [question for question in pack.questions if required_runs(question)]
    proven = len(decided) - len(_unproven(catalog, pack))
    asked = _counted(len(pack.questions), "question")
    yield f"  {asked}; runs decide {len(decided)}: proven {proven}"
    if not contents.code:
        yield "  It brings no code."
        return
    yield "It brings code:"
    for name in contents.code:
        lines = len(contents.files[name].splitlines())
        yield f"  {name} ({_counted(lines, 'line')})"
    for lock in sorted((folder / "environments").glob("*.txt")):
        pinned = list(packages(lock))
        yield f"  environment {lock.stem}: {_counted(len(pinned), 'package')}: {', '.join(pinned)}"
    yield WARNING
