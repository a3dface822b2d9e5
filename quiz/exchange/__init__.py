"""Packs as files of other programs. Knows no page.

A format that is written is a module of formats/ with `FORMAT`; one that is read, a module of
readers/ with `READER`. They stand apart so that a server never loads what only reading needs.
"""

from quiz.exchange.export_document import Format
from quiz.registry import load_one

FORMATS: dict[str, Format] = load_one("quiz.exchange.formats", "FORMAT")
WRITERS = {name: known for name, known in FORMATS.items() if known.write}
