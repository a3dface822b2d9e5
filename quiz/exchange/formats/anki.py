"""Anki: a deck with one card per question. A later download updates the same cards."""

import io
import itertools
import random
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable
from html import escape

import genanki

from quiz import markdown
from quiz.exchange.export_document import Format, Item, Sheet
from quiz.kinds.number.numeral import written
from quiz.questions import portable

# Never change these: Anki recognises known cards by them.
MODEL_ID = 1_764_112_001
FIRST_DECK_ID = 1 << 30

FIELDS = ("Question", "Code", "Choices", "Answer", "Explanation", "Link", "Id")
FRONT = "{{Question}}{{Code}}{{Choices}}"
BACK = """\
{{FrontSide}}
<hr id="answer">
{{Answer}}
{{Explanation}}
<p class="link"><a href="{{text:Link}}">See it run</a></p>"""
CSS = """\
.card { font: 18px/1.5 system-ui, sans-serif; max-width: 40em; margin: 1em auto; }
pre { overflow-x: auto; padding: .8em; border: 1px solid #8886; border-radius: 4px; }
code { font-size: 15px; }
li { margin: .4em 0; }
.why { opacity: .75; }
.link { font-size: 15px; }"""
MODEL = genanki.Model(
    MODEL_ID,
    "After Response",
    fields=[{"name": name} for name in FIELDS],
    templates=[{"name": "Question", "qfmt": FRONT, "afmt": BACK}],
    css=CSS,
    sort_field_index=FIELDS.index("Id"),
)


def write(sheet: Sheet) -> bytes:
    deck = genanki.Deck(
        FIRST_DECK_ID + zlib.crc32(sheet.slug.encode()) % FIRST_DECK_ID, sheet.title
    )
    if left_out := ", ".join(item.id for item in sheet.not_mapped):
        deck.description = f"Left out, since Anki has no equivalent: {left_out}."
    for item in sheet.mapped:
        deck.add_note(_note(sheet, item))
    return _packed(genanki.Package(deck), sheet.changed.timestamp())


def _packed(package: genanki.Package, timestamp: float) -> bytes:
    """The deck as bytes. genanki's own writer leaves a temporary file behind."""
    with sqlite3.connect(":memory:") as database:
        ids = itertools.count(int(timestamp * 1000))
        package.write_to_db(database.cursor(), timestamp, ids)
    collection = database.serialize()
    database.close()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("collection.anki2", collection)
        archive.writestr("media", "{}")
    return file.getvalue()


def _note(sheet: Sheet, item: Item) -> genanki.Note:
    choices, answer = _sides(item)
    code = f"<pre><code>{escape(item.code)}</code></pre>" if item.code else ""
    fields = (
        markdown.block(item.stem),
        code,
        choices,
        answer,
        markdown.block(item.after),
        escape(item.href),
        item.id,
    )
    guid = genanki.guid_for(sheet.slug, item.id)
    return genanki.Note(MODEL, list(fields), guid=guid, tags=[*item.tags, f"kind-{item.kind}"])


def _sides(item: Item) -> tuple[str, str]:
    """The front and the back of a card."""
    match item.form:
        case portable.Options(options, multiple):
            hint = "<p>Choose all that apply.</p>" if multiple else ""
            answer = _list("ul", (f"{_sign(option)} {_option(option)}" for option in options))
            return hint + _list("ul", (markdown.inline(option.text) for option in options)), answer
        case portable.Order(lines, strict):
            also = "" if strict else "<p>Other orders are right, too.</p>"
            answer = _list("ol", map(markdown.inline, lines)) + also
            return _list("ul", map(markdown.inline, _shuffled(lines, item.id))), answer
        case portable.Number(value, tolerance, unit):
            said = f"{written(value)} {unit}".strip()
            margin = f" (± {written(tolerance)})" if tolerance else ""
            hint = f"<p>In {escape(unit)}.</p>" if unit else ""
            return hint, f"<p><b>{escape(said)}</b>{margin}</p>"
        case portable.Words(accepted):
            first, *others = map(escape, accepted)
            also = f" (or: {', '.join(others)})" if others else ""
            return "", f"<p><b>{first}</b>{also}</p>"
        case portable.Pairs(pairs, others):
            belongs = sorted({*(right for _, right in pairs), *others})
            asked = _list("ol", (markdown.inline(left) for left, _ in pairs))
            answer = _list("ol", (f"{markdown.inline(a)}: {markdown.inline(b)}" for a, b in pairs))
            return asked + _list("ul", map(markdown.inline, belongs)), answer
    raise AssertionError(item)


def _option(option: portable.Option) -> str:
    text = markdown.inline(option.text)
    told = f"<b>{text}</b>" if option.right else text
    return f'{told}<br><span class="why">{markdown.inline(option.why)}</span>'


def _sign(option: portable.Option) -> str:
    return "✓" if option.right else "✗"


def _list(tag: str, lines: Iterable[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>"


def _shuffled(lines: tuple[str, ...], seed: str) -> list[str]:
    """The lines in a fixed order that is never a right one."""
    mixed = list(lines)
    random.Random(seed).shuffle(mixed)
    if mixed == list(lines):
        mixed.reverse()
    return mixed


FORMAT = Format(
    "Anki",
    "apkg",
    "application/octet-stream",
    "a deck of cards; a later download brings the cards that you have up to date",
    write=write,
)
