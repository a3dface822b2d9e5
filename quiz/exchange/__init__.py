"""Packs as files of other programs. Knows no page.

A module of formats/ with `FORMAT` writes a format; a module of readers/ with `READER` reads one.
They are separate, so that a server never loads what only reading needs.
"""

from quiz.exchange.export_document import Format
from quiz.registry import load_one

FORMATS: dict[str, Format] = load_one("quiz.exchange.formats", "FORMAT")
WRITERS = {name: known for name, known in FORMATS.items() if known.write}
