"""Aiken: a question, lettered options and ANSWER. Read only; it has no place for a reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quiz import plain
from quiz.exchange.sheet import Format, Found, Item, Remark, UnmappedError
from quiz.exchange.texts import from_text, identifier

OPTION = re.compile(r"([A-Z])[.)]\s+(\S.*)")
ANSWER = re.compile(r"ANSWER\s*:\s*([A-Z])\s*", re.IGNORECASE)


@dataclass
class Draft:
    """A question whose answer has not come yet."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


def read(text: str) -> Found:
    items: list[Item] = []
    remarks: list[Remark] = []
    draft = Draft()
    lines = [*text.removeprefix("\ufeff").splitlines(), ""]
    for place, line in enumerate(map(str.strip, lines), start=1):
        if not line:
            continue
        if answer := ANSWER.fullmatch(line):
            try:
                items.append(_item(draft, answer[1].upper(), items))
            except UnmappedError as error:
                remarks.append(Remark(draft.line or place, f"not mapped: {error}."))
            draft = Draft()
        elif (option := OPTION.fullmatch(line)) and draft.stem:
            if option[1] in draft.options:
                remarks.append(Remark(place, f"a second {option[1]} is left out."))
            draft.options.setdefault(option[1], option[2])
        elif draft.options:
            remarks.append(Remark(draft.line, "not mapped: no line says its ANSWER."))
            draft = Draft(place, [line])
        else:
            draft.line = draft.line or place
            draft.stem.append(line)
    if draft.line:
        remarks.append(Remark(draft.line, "not mapped: no line says its ANSWER."))
    return Found(items, remarks)


def _item(draft: Draft, answer: str, before: Sequence[Item]) -> Item:
    stem = from_text("\n".join(draft.stem))
    if not stem:
        raise UnmappedError("there is no question before the answer")
    if answer not in draft.options or len(draft.options) < 2:
        known = ", ".join(draft.options) or "none"
        raise UnmappedError(f"the answer is {answer}, the options are: {known}")
    options = (
        plain.Option(from_text(text), letter == answer) for letter, text in draft.options.items()
    )
    id = identifier(" ".join(draft.stem), (item.id for item in before))
    return Item(id, stem, plain.Options(tuple(options)), line=draft.line)


FORMAT = Format("Aiken", "txt", "text/plain; charset=utf-8", "lettered options", read=read)
