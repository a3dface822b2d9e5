"""A pack's questions as formats see them: texts and answers, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from quiz.packs.pack import Pack
from quiz.questions import portable
from quiz.questions.base import Question
from quiz.questions.portable import Plain


@dataclass(frozen=True)
class Item:
    """A question. Texts are Markdown, `topic` is a title, `form` is None if the kind does not map.

    `kind` is the kind's name, `href` the full address, `line` the line in a file that was read.
    """

    id: str
    stem: str
    form: Plain | None
    topic: str = ""
    code: str = ""
    explanation: str = ""
    rule: str = ""
    see: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: int | None = None
    kind: str = ""
    href: str = ""
    line: int = 0

    @property
    def text(self) -> str:
        """The stem with its code."""
        return f"{self.stem}\n\n{fenced(self.code)}" if self.code else self.stem

    @property
    def asked(self) -> str:
        return f"{self.text}\n\n{self.hint}" if self.hint else self.text

    @property
    def hint(self) -> str:
        """Hints that other programs do not show: the unit of a number, that the order counts."""
        match self.form:
            case portable.Number(_, _, unit) if unit:
                return f"In {unit}."
            case portable.Order(_, False):
                return "Other orders may be right, too; this one counts here."
        return ""

    @property
    def after(self) -> str:
        """The text after an answer."""
        links = "\n".join(f"- <{link}>" for link in self.see)
        rule = f"**{self.rule}**" if self.rule else ""
        return "\n\n".join(part for part in (self.explanation, rule, links) if part)


@dataclass(frozen=True)
class Sheet:
    slug: str
    title: str
    items: tuple[Item, ...]
    # The time of the pack's last change, which programs with an older copy compare.
    changed: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def mapped(self) -> list[Item]:
        return [item for item in self.items if item.form]

    @property
    def not_mapped(self) -> list[Item]:
        return [item for item in self.items if not item.form]


@dataclass(frozen=True)
class Format:
    """A format to write. `left_out` lists in sentences what such a file cannot hold."""

    title: str
    suffix: str
    media_type: str
    about: str
    write: Callable[[Sheet], bytes] | None = None
    left_out: Callable[[Sheet], list[str]] = lambda _sheet: []


def other_orders(sheet: Sheet) -> list[str]:
    """A sentence on orderings with several right orders, for programs that allow one."""
    forms = [(item.id, item.form) for item in sheet.mapped]
    loose = [id for id, form in forms if isinstance(form, portable.Order) and not form.strict]
    return [f"Only one of several right orders is kept: {', '.join(loose)}."] if loose else []


def sheet(pack: Pack, base: str, changed: datetime) -> Sheet:
    """The document of a pack. `base` is the server's address with a slash at its end."""
    items = tuple(_item(pack, question, base) for question in pack.questions)
    return Sheet(pack.slug, pack.title, items, changed)


def _item(pack: Pack, question: Question, base: str) -> Item:
    return Item(
        id=question.id,
        stem=question.stem,
        form=question.plain(),
        topic=pack.topics[question.topic].title,
        code=question.code_on_wall,
        explanation=question.explanation,
        rule=question.rule or "",
        see=question.see,
        tags=tuple(filter(None, (question.topic, question.concept, question.pattern))),
        difficulty=question.difficulty,
        kind=question.kind,
        href=f"{base}packs/{pack.slug}/{question.id}",
    )


def fenced(code: str) -> str:
    """A Markdown code block, with a fence longer than any fence in the code."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}python\n{code.rstrip()}\n{fence}"
