"""`quiz new`: creates a valid pack, question or demo in a folder of QUIZ_PACKS."""

import argparse
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from quiz.errors import QuizError, did_you_mean
from quiz.packs import scaffold
from quiz.packs.catalog import load
from quiz.packs.check import check
from quiz.packs.json_schemas import demo_schema, pack_schema
from quiz.packs.schema import KINDS
from quiz.settings import Settings

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME = re.compile(r"[a-z][a-z0-9_]*")


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    match chosen.what:
        case "pack":
            file = _pack(settings, _named(chosen.name, SLUG))
        case "demo":
            file = _demo(settings, _named(chosen.name, NAME))
        case _:
            file = _question(settings, chosen.pack, _named(chosen.name, SLUG), chosen)
    verb = "Added a question to" if chosen.what == "question" else "Created"
    print(f"{verb} {file}. Edit it, then: quiz check {file}")
    return 0


def _named(name: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(name):
        signs = "hyphens" if pattern is SLUG else "underscores"
        raise QuizError(f"{name!r} is not a valid name. Use small letters, digits and {signs}.")
    return name


def _folder(settings: Settings) -> Path:
    if not settings.packs:
        raise QuizError(
            "QUIZ_PACKS names no folder for packs. Set it: QUIZ_PACKS=/my/packs quiz new …"
        )
    return settings.packs[0]


def _pack(settings: Settings, name: str) -> Path:
    file = _folder(settings) / f"{name}.yaml"
    if name in load(settings).packs:
        raise QuizError(f"There is a pack {name} already. Take another name.")
    _write(file, scaffold.pack(name, date.today()))
    _put_schema(file.with_name("pack.schema.json"), pack_schema())
    return file


def _demo(settings: Settings, name: str) -> Path:
    folder = _folder(settings) / "demos" / name
    if name in load(settings).demos:
        raise QuizError(f"There is a demo {name} already. Take another name.")
    for file, text in scaffold.demo(name).items():
        _write(folder / file, text)
    _put_schema(folder.with_name("demo.schema.json"), demo_schema())
    return folder / "demo.yaml"


def _question(settings: Settings, pack: str, id: str, chosen: argparse.Namespace) -> Path:
    """Appends a question. The list of questions must be the end of the file."""
    known = load(settings).packs
    if pack not in known:
        raise QuizError(f"There is no pack {pack!r}. {did_you_mean(pack, known)}")
    found = known[pack]
    if found.question(id):
        raise QuizError(f"{pack} has a question {id} already. Take another id.")
    if chosen.kind not in KINDS:
        raise QuizError(f"There is no kind {chosen.kind!r}. {did_you_mean(chosen.kind, KINDS)}")
    topic = chosen.topic or list(found.topics)[-1]
    file = Path(found.file)
    before = file.read_text(encoding="utf-8")
    # `since` makes a question that is newer than its pack an entry in the feed.
    named = f"{id}\n    since: {date.today()}"
    text = scaffold.kind(chosen.kind).substitute(id=named, topic=topic)
    file.write_text(f"{before.rstrip()}\n\n{text}", encoding="utf-8")
    if problems := check(settings, [file]).problems:
        file.write_text(before, encoding="utf-8")
        told = "\n".join(map(str, problems))
        raise QuizError(f"{file} was not changed, because the new question has errors:\n{told}")
    return file


def _put_schema(file: Path, schema: dict[str, Any]) -> None:
    """Writes the schema for editors. The schema of this version replaces an older one."""
    file.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")


def _write(file: Path, text: str) -> None:
    if file.exists():
        raise QuizError(f"{file} is there already. Take another name.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise QuizError(f"{file} cannot be written: {error.strerror}.") from error
