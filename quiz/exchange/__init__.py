"""Packs as files of other programs, and other programs' files as packs. Knows no page.

A format is a module of formats/ with `FORMAT`: what it writes, what it reads, or both.
"""

from quiz.discovery import load_one
from quiz.exchange.sheet import Format

FORMATS: dict[str, Format] = load_one("quiz.exchange.formats", "FORMAT")
WRITERS = {name: known for name, known in FORMATS.items() if known.write}
READERS = {name: known for name, known in FORMATS.items() if known.read}
