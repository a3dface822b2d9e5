"""A pack's questions as formats see them: what they ask, how they are answered, and no more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from quiz import plain
from quiz.pack import Pack
from quiz.plain import Plain
from quiz.question import Question


@dataclass(frozen=True)
class Item:
    """A question. Texts are Markdown; `topic` is its title, `form` None where nothing maps.

    `kind` is its own name, `href` its whole address, `line` where a file that was read has it.
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
        """The stem with the code that it asks about."""
        return f"{self.stem}\n\n{fenced(self.code)}" if self.code else self.stem

    @property
    def asked(self) -> str:
        """The text, and what one has to be told where a number is bare and one order is right."""
        match self.form:
            case plain.Number(_, _, unit) if unit:
                return f"{self.text}\n\nIn {unit}."
            case plain.Order(_, False):
                return f"{self.text}\n\nOther orders may be right, too; this one counts here."
        return self.text

    @property
    def after(self) -> str:
        """What is said once it is answered."""
        links = "\n".join(f"- <{link}>" for link in self.see)
        rule = f"**{self.rule}**" if self.rule else ""
        return "\n\n".join(part for part in (self.explanation, rule, links) if part)


@dataclass(frozen=True)
class Sheet:
    slug: str
    title: str
    items: tuple[Item, ...]
    # When the pack was changed last: programs that have it already compare.
    changed: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def mapped(self) -> list[Item]:
        return [item for item in self.items if item.form]

    @property
    def not_mapped(self) -> list[Item]:
        return [item for item in self.items if not item.form]


@dataclass(frozen=True)
class Remark:
    """What of a file that was read did not map, and where."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


class UnmappedError(ValueError):
    """A question that a format, or a pack, has nothing like; it says why."""


@dataclass(frozen=True)
class Found:
    """What a file says."""

    items: Sequence[Item]
    remarks: Sequence[Remark] = field(default_factory=tuple)


@dataclass(frozen=True)
class Format:
    """One that only reads has no `write`, and the other way round."""

    title: str
    suffix: str
    media_type: str
    about: str
    write: Callable[[Sheet], bytes] | None = None
    read: Callable[[str], Found] | None = None


def sheet(pack: Pack, base: str, changed: datetime) -> Sheet:
    """`base` is the address of the server, with a slash at its end."""
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
    """As Markdown's block of code, whatever fences stand within."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}python\n{code.rstrip()}\n{fence}"
