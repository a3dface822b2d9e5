"""GIFT, Moodle's plain-text format; source: https://docs.moodle.org/en/GIFT_format.

Only Moodle 4.4 and later know orderings. An ordering is written as a matching of places, with a tag
by which our reader makes it an ordering again.
"""

from collections.abc import Iterator
from itertools import groupby

from quiz.exchange.export_document import Format, Item, Sheet, other_orders
from quiz.kinds.number.numeral import written
from quiz.questions import portable

ESCAPED = str.maketrans(
    {"\\": r"\\", "\n": r"\n", "\r": "", **{sign: f"\\{sign}" for sign in "~=#{}:"}}
)
PREFIXES = ("[html]", "[moodle]", "[plain]", "[markdown]")
ARROW = "->"
ORDERING_TAG = "kind-ordering"
ABOUT = "// {title}. GIFT has no place for demos and proofs. Only choices have reasons."


def write(sheet: Sheet) -> bytes:
    left_out = [item for item in sheet.items if not _fits(item)]
    head = [ABOUT.format(title=_line(sheet.title))]
    head += [f"// Not mapped: {item.id}" for item in left_out]
    blocks = ["\n".join(head)]
    for topic, items in groupby(filter(_fits, sheet.items), lambda item: item.topic):
        names = (_line(name).replace("/", "//") for name in (sheet.title, topic))
        blocks.append(f"$CATEGORY: $course$/top/{'/'.join(names)}")
        blocks += map(_question, items)
    return "\n\n".join(blocks).encode() + b"\n"


def _fits(item: Item) -> bool:
    """Whether GIFT can hold a text: an arrow between words always makes a matching."""
    if isinstance(item.form, portable.Words):
        return not any(ARROW in word for word in item.form.accepted)
    return item.form is not None


def _question(item: Item) -> str:
    assert item.form
    tags = (*item.tags, *([f"difficulty-{item.difficulty}"] if item.difficulty else ()))
    tags += (ORDERING_TAG,) if isinstance(item.form, portable.Order) else ()
    comment = " ".join((f"// [id:{item.id}]", *(f"[tag:{tag}]" for tag in tags)))
    link = f"\n\n[See it run]({item.href})" if item.href else ""
    after = f"{item.after}{link}".strip()
    sign = "#" if isinstance(item.form, portable.Number) else ""
    lines = [comment, f"::{_text(item.id)}::[markdown]{_escaped(item.asked)}{{{sign}"]
    lines += (f"\t{answer}" for answer in _answers(item.form))
    lines += [f"\t####{_text(after)}"] if after else []
    return "\n".join((*lines, "}"))


def _answers(form: portable.Plain) -> Iterator[str]:
    match form:
        case portable.Options(options, multiple):
            right = sum(option.right for option in options)
            for option in options:
                why = f"#{_text(option.why)}" if option.why else ""
                yield f"{_mark(option, multiple, right)}{_text(option.text)}{why}"
        case portable.Order(lines):
            yield from (f"={place} -> {_text(line)}" for place, line in enumerate(lines, 1))
        case portable.Number(value, tolerance):
            yield f"={written(value)}:{written(tolerance)}"
        case portable.Words(accepted):
            # An asterisk is a wildcard in Moodle.
            yield from (f"=%100%{_text(word.replace('*', chr(92) + '*'))}" for word in accepted)
        case portable.Pairs(pairs, others):
            for item, belongs in (*pairs, *(("", other) for other in others)):
                yield f"={_text(item.replace(ARROW, '→'))} -> {_text(belongs)}"


def _mark(option: portable.Option, multiple: bool, right: int) -> str:
    if not multiple:
        # With its own weight, because the text may begin like a weight.
        return "=" if option.right else "~%0%"
    share = f"{100 / right:.5f}".rstrip("0").rstrip(".")
    return f"~%{share}%" if option.right else f"~%-{share}%"


def _text(text: str) -> str:
    """A text in the stem's format. If it begins like a format's name, its format is written."""
    is_named = text.lstrip().startswith(PREFIXES)
    return f"{'[markdown]' if is_named else ''}{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.strip().translate(ESCAPED)


def _line(text: str) -> str:
    return " ".join(text.split())


def left_out(sheet: Sheet) -> list[str]:
    units = [i.id for i in sheet.mapped if isinstance(i.form, portable.Number) and i.form.unit]
    said = f"A number's unit is only in its text: {', '.join(units)}."
    fixed = [
        i.id for i in sheet.mapped if isinstance(i.form, portable.Options) and not i.form.shuffle
    ]
    unfit = [i.id for i in sheet.mapped if not _fits(i)]
    return [
        *([said] if units else []),
        *([f"GIFT cannot keep the order of options: {', '.join(fixed)}."] if fixed else []),
        *([f"Not mapped, because a word has an arrow: {', '.join(unfit)}."] if unfit else []),
        *other_orders(sheet),
    ]


FORMAT = Format(
    "GIFT",
    "gift",
    "text/plain; charset=utf-8",
    "plain text that Moodle and others read",
    write=write,
    left_out=left_out,
)
