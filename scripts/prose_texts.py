"""The texts of a file that people read: comments, docstrings, messages, test names, paragraphs."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Line = tuple[int, str]

# Code and addresses are not English. They are masked in place, so that positions stay.
MASKED = re.compile(r"`[^`\n]+`|https?://\S+|\]\([^)\s]+\)|<!--|-->")
QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
HASH_COMMENT = re.compile(r"(?:^|\s)#+!?\s?(.*)$")
JS_COMMENT = re.compile(r"/\*(.*?)\*/|(?<![:\w\"'])//([^\n]*)", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """Sentences that belong together, and the lines of the file that they come from."""

    content: str
    first: int
    last: int

    def line_of(self, start: int, phrase: str, source: list[str]) -> int:
        """The line of a phrase. Strings that are joined from parts are searched for its words."""
        if self.last - self.first == self.content.count("\n"):
            return self.first + self.content.count("\n", 0, start)
        places = range(self.first, self.last + 1)
        for words in (phrase, *phrase.split()):
            for line in places:
                if words in source[line - 1]:
                    return line
        return self.first


Reader = Callable[[str], Iterable[Text]]


def texts_of(path: Path) -> list[Text]:
    reader = reader_of(path)
    if not reader:
        return []
    texts = reader(path.read_text(encoding="utf-8"))
    return [Text(masked(text.content), text.first, text.last) for text in texts]


def reader_of(path: Path) -> Reader | None:
    if path.suffix or path.name in READERS:
        return READERS.get(path.suffix or path.name)
    with path.open("rb") as file:
        return shell if file.read(2) == b"#!" else None


def masked(text: str) -> str:
    return MASKED.sub(lambda found: "x" * len(found[0]), text)


def python(source: str) -> Iterator[Text]:
    yield from blocks(python_comments(source))
    yield from python_strings(ast.parse(source))


def python_comments(source: str) -> Iterator[Line]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith("#!"):
            yield token.start[0], token.string.lstrip("# ")


def python_strings(node: ast.AST) -> Iterator[Text]:
    match node:
        case ast.Constant(value=str(value)) if " " in value or "\n" in value:
            yield Text(value, node.lineno, node.end_lineno or node.lineno)
        case ast.JoinedStr():
            # A value counts as a number, as in f"{rate} calls".
            parts = [
                str(part.value) if isinstance(part, ast.Constant) else "0" for part in node.values
            ]
            yield Text("".join(parts), node.lineno, node.end_lineno or node.lineno)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith(
            "test_"
        ):
            yield Text(spoken(name), node.lineno, node.lineno)
    for child in ast.iter_child_nodes(node):
        if not isinstance(node, ast.JoinedStr) or isinstance(child, ast.FormattedValue):
            yield from python_strings(child)


def spoken(name: str) -> str:
    """A test's name as a sentence: `test_the_worker_s_job` is "test the worker's job"."""
    return re.sub(r"_s(?=_|$)", "'s", name).replace("_", " ")


def markdown(source: str) -> Iterator[Text]:
    """Paragraphs, and the comments in blocks of code."""
    prose: list[Line] = []
    code: list[Line] = []
    is_fenced = is_code = False
    previous = ""
    for number, line in enumerate(source.splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_fenced, previous = not is_fenced, line
            continue
        if line.strip():
            is_code = is_fenced or (line.startswith("    ") and (is_code or not previous.strip()))
            (code if is_code else prose).append((number, line))
        previous = line
    yield from blocks(prose)
    yield from blocks(comments_in(code))


def hash_comments(source: str) -> Iterator[Text]:
    yield from blocks(comments_in(enumerate(source.splitlines(), 1)))


def comments_in(lines: Iterable[Line]) -> Iterator[Line]:
    for number, line in lines:
        found = HASH_COMMENT.search(line)
        if found and not line.startswith("#!") and line[: found.start()].count('"') % 2 == 0:
            yield number, found[1]


def shell(source: str) -> Iterator[Text]:
    """Comments, and what stands between double quotes."""
    yield from hash_comments(source)
    for number, line in enumerate(source.splitlines(), 1):
        if not line.lstrip().startswith("#"):
            for found in QUOTED.finditer(line):
                yield Text(found[1], number, number)


def script_or_style(source: str) -> Iterator[Text]:
    lines = []
    for found in JS_COMMENT.finditer(source):
        first = source.count("\n", 0, found.start()) + 1
        comment = found[1] if found[1] is not None else found[2]
        lines += [(first + n, line.strip(" *")) for n, line in enumerate(comment.split("\n"))]
    yield from blocks(lines)


def blocks(lines: Iterable[Line]) -> Iterator[Text]:
    """Joins lines that follow one another."""
    joined: list[Line] = []
    for number, line in lines:
        if joined and number != joined[-1][0] + 1:
            yield block(joined)
            joined = []
        joined.append((number, line))
    if joined:
        yield block(joined)


def block(lines: list[Line]) -> Text:
    return Text("\n".join(line for _, line in lines), lines[0][0], lines[-1][0])


READERS: dict[str, Reader] = {
    ".py": python,
    ".md": markdown,
    ".sh": shell,
    ".yaml": hash_comments,
    ".yml": hash_comments,
    ".toml": hash_comments,
    "Makefile": hash_comments,
    "Containerfile": hash_comments,
    ".css": script_or_style,
    ".js": script_or_style,
}
