"""`quiz import`: another program's questions as a pack, and by line what of them did not map."""

import argparse
import re
from datetime import date
from pathlib import Path

from quiz.cli.export import write_new
from quiz.content import check, load
from quiz.discovery import QuizError, did_you_mean
from quiz.exchange import READERS
from quiz.exchange.as_pack import as_pack
from quiz.exchange.texts import identifier
from quiz.settings import Settings

# Aiken's files and GIFT's may both end in .txt.
AIKEN = re.compile(r"^\s*ANSWER\s*:\s*[A-Z]\s*$", re.MULTILINE | re.IGNORECASE)


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    text = _read(chosen.file)
    name = chosen.format or _format(chosen.file, text)
    if name not in READERS:
        raise QuizError(f"There is no format {name!r} to read. {did_you_mean(name, READERS)}")
    slug = identifier(chosen.file.stem.partition(".")[0], ())
    if slug in load(settings).packs:
        raise QuizError(f"There is a pack {slug} already. Give the file another name.")
    read = READERS[name].read
    assert read
    written, remarks = as_pack(read(text), slug, slug.replace("-", " ").capitalize(), date.today())
    for remark in remarks:
        print(f"{chosen.file}: {remark}")
    if not written:
        raise QuizError(f"Nothing of {chosen.file} maps as {name}. Name its format: --format …")
    file = chosen.into / f"{slug}.yaml"
    write_new(file, written.encode())
    # It is valid whatever was read; if it were not, its author should hear it here.
    problems = check(settings, [file])
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{file} is there. Edit it, then: quiz check {file}")
    return 1 if problems else 0


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuizError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise QuizError(f"{file} is not UTF-8. Save it as UTF-8.") from None


def _format(file: Path, text: str) -> str:
    """Which one it is by its name, and by what stands in it where names do not tell."""
    if file.suffix == ".csv":
        return "csv"
    return "aiken" if file.suffix == ".txt" and AIKEN.search(text) else "gift"
