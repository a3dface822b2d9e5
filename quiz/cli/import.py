"""`quiz import`: another program's questions as a pack, and by line what of them was left out."""

import argparse
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from quiz.cli.export import write_new
from quiz.content import check, load
from quiz.discovery import QuizError, did_you_mean
from quiz.exchange.as_pack import as_pack
from quiz.exchange.decoding import decoded
from quiz.exchange.found import Remark, summed
from quiz.exchange.readers import READERS, recognized
from quiz.exchange.texts import slug
from quiz.settings import Settings

TITLES = ", ".join(known.title for known in READERS.values())


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    text = _read(chosen.file)
    name = _format(chosen, text)
    pack = slug(chosen.file.name.partition(".")[0])
    if pack in load(settings).packs:
        raise QuizError(f"There is a pack {pack} already. Give the file another name.")
    written, remarks = _converted(text, name, pack)
    for sentence in summed(remarks):
        print(f"{chosen.file}: {sentence}")
    if not written:
        raise QuizError(
            f"{chosen.file} has no question that can be imported as {name}. "
            "If it is in another format, name that one: --format …"
        )
    file = chosen.into / f"{pack}.yaml"
    write_new(file, written.encode())
    # The pack is valid whatever was read; if it were not, its author should hear it here.
    problems = check(settings, [file])
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{file} is there. Edit it, then: quiz check {file}")
    return 1 if problems else 0


def _read(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise QuizError(f"{file} cannot be read: {error.strerror}.") from error
    try:
        return decoded(content)
    except QuizError as error:
        raise QuizError(f"{file}: {error}") from None


def _format(chosen: argparse.Namespace, text: str) -> str:
    if chosen.format:
        if chosen.format not in READERS:
            hint = did_you_mean(chosen.format, READERS)
            raise QuizError(f"There is no format {chosen.format!r} to read. {hint}")
        return str(chosen.format)
    if name := recognized(text):
        return name
    # A file may hold nothing that tells, such as a lone word in braces.
    if chosen.file.suffix == ".gift" and "{" in text:
        return "gift"
    raise QuizError(f"{chosen.file} is in none of the formats that are read: {TITLES}.")


def _converted(text: str, name: str, pack: str) -> tuple[str, list[Remark]]:
    """With a bar where a terminal shows one: both steps go through the file's lines."""
    console = Console(stderr=True)
    lines = text.count("\n") + 1
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading", total=lines)
        found = READERS[name].read(text, lambda line: bar.update(task, completed=line))
        task = bar.add_task("Converting", total=lines)
        title = pack.replace("-", " ").capitalize()
        return as_pack(
            found, pack, title, date.today(), lambda line: bar.update(task, completed=line)
        )
