"""`quiz export`: writes a pack as a file of another program, and prints what it left out."""

import argparse
from pathlib import Path

from quiz.errors import QuizError, did_you_mean
from quiz.exchange import WRITERS
from quiz.exchange.export_document import sheet
from quiz.network import here
from quiz.packs.catalog import changed, load
from quiz.settings import Settings

NO_PLACE = "demos, claims, proofs, hints, misconceptions and other numbers"


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    packs = load(settings).packs
    if chosen.pack not in packs:
        raise QuizError(f"There is no pack {chosen.pack!r}. {did_you_mean(chosen.pack, packs)}")
    if chosen.format not in WRITERS:
        hint = did_you_mean(chosen.format, WRITERS)
        raise QuizError(f"There is no format {chosen.format!r} to write. {hint}")
    pack, known = packs[chosen.pack], WRITERS[chosen.format]
    base = chosen.base or f"http://{here(settings.host)}:{settings.port}"
    found = sheet(pack, f"{base.rstrip('/')}/", changed(pack))
    file = chosen.to or Path(f"{pack.slug}.{known.suffix}")
    assert known.write
    write_new(file, known.write(found))
    print(f"{file} is there, with {len(found.mapped)} of {len(found.items)} questions.")
    for item in found.not_mapped:
        print(f"Not mapped: {item.id} ({item.kind})")
    for sentence in known.left_out(found):
        print(sentence)
    print(f"Left out, since {known.title} has no place for them: {NO_PLACE}.")
    return 0


def write_new(file: Path, content: bytes) -> None:
    """Raises QuizError if the file exists already, because it may be an author's work."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise QuizError(f"{file} is there already. Name another, or move it away.") from None
    except OSError as error:
        raise QuizError(f"{file} cannot be written: {error.strerror}.") from error
