"""`quiz import`: makes a pack of another program's questions, and prints what it left out."""

import argparse
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from quiz.cli.export import write_new
from quiz.documents.yaml_document import Document, Problem
from quiz.errors import QuizError, did_you_mean
from quiz.exchange.as_pack import Written, as_pack
from quiz.exchange.decoding import decoded
from quiz.exchange.found import summed
from quiz.exchange.readers import READERS, recognized
from quiz.exchange.texts import slug
from quiz.packs.catalog import load
from quiz.packs.check import check
from quiz.packs.loader import validated
from quiz.packs.reading import Reading
from quiz.settings import Settings

TABLES = (".csv", ".tsv", ".xlsx")
TITLES = ", ".join(known.title for known in READERS.values())


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    text = _read(chosen.file)
    name = _format(chosen, text)
    pack = slug(chosen.file.name.partition(".")[0])
    if pack in load(settings).packs:
        raise QuizError(f"There is a pack {pack} already. Give the file another name.")
    file = chosen.into / f"{pack}.yaml"
    problems: list[Problem] = []
    with _bar() as bar:
        written = _converted(bar, text, name, pack)
        if written.text:
            write_new(file, written.text.encode())
            bar.add_task("Checking", total=None)
            problems = _problems(settings, file, written)
    for sentence in summed(written.remarks):
        print(f"{chosen.file}: {sentence}")
    if not written.text:
        raise QuizError(
            f"{chosen.file} has no question that can be imported as {name}. "
            "If it is in another format, name that one: --format …"
        )
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{file} is there. Edit it, then: quiz check {file}")
    return 1 if problems else 0


def _problems(settings: Settings, file: Path, written: Written) -> list[Problem]:
    """The errors of the new pack. There should be none, whatever the file contained.

    Checking the data takes a third of the time of checking its YAML. Only if the data has an error,
    the file is checked for the line of the error.
    """
    reading = Reading(Document(written.data, str(file)), {})
    validated(reading)
    return check(settings, [file]).problems if reading.problems else []


def _bar() -> Progress:
    """A progress bar, only on a terminal: a log contains remarks and nothing else."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


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
    # Some GIFT files have no mark of the format, such as a single word in braces.
    if chosen.file.suffix == ".gift" and "{" in text:
        return "gift"
    if chosen.file.suffix in TABLES:
        raise QuizError(f"{chosen.file} needs the columns question and right, or those of Kahoot.")
    raise QuizError(f"{chosen.file} is in none of the formats that are read: {TITLES}.")


def _converted(bar: Progress, text: str, name: str, pack: str) -> Written:
    """Reads and converts the questions. The progress of both steps is counted in lines."""
    lines = text.count("\n") + 1
    reading = bar.add_task("Reading", total=lines)
    found = READERS[name].read(text, lambda line: bar.update(reading, completed=line))
    converting = bar.add_task("Converting", total=lines)
    title = pack.replace("-", " ").capitalize()
    return as_pack(
        found, pack, title, date.today(), lambda line: bar.update(converting, completed=line)
    )
