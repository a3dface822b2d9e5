"""XML of a file that may be hostile, with lines: no document type, no entities, bounded depth."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
DEEPEST = 64
# Children of one element: a small file may contain millions of empty ones.
MOST = 20_000


class XmlError(ValueError):
    """The file is not XML, or XML that is refused. `line` is the place."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(slots=True)
class Node:
    """An element. `text` is its direct text."""

    tag: str
    attributes: dict[str, str]
    line: int
    parts: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def all(self, tag: str) -> Iterator["Node"]:
        return (child for child in self.children if child.tag == tag)

    def first(self, *path: str) -> "Node | None":
        node: Node | None = self
        for tag in path:
            node = next(node.all(tag), None) if node else None
        return node

    def say(self, *path: str) -> str:
        found = self.first(*path)
        return found.text.strip() if found else ""


def walk(text: str, each: str, found: Callable[[Node], None]) -> str:
    """Calls `found` with each complete element named `each`. Returns the name of the root."""
    parser = expat.ParserCreate("utf-8")
    stack: list[Node] = []
    root: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) >= DEEPEST:
            raise XmlError(parser.CurrentLineNumber, "its elements are nested too deeply")
        root.append(name) if not root else None
        stack.append(Node(name.rpartition(":")[2], attributes, parser.CurrentLineNumber))

    def end(_name: str) -> None:
        node = stack.pop()
        if node.tag == each:
            found(node)
        elif stack and any(parent.tag == each for parent in stack):
            if len(stack[-1].children) >= MOST:
                raise XmlError(parser.CurrentLineNumber, "one of its elements has too many others")
            stack[-1].children.append(node)

    def refuse(*_about: object) -> None:
        raise XmlError(parser.CurrentLineNumber, "it defines a document type or entities")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: stack[-1].parts.append(data) if stack else None
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    # The text is decoded already, and a declaration must not follow an empty line.
    body = DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text, count=1)
    try:
        parser.Parse(body.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise XmlError(error.lineno, f"it is not well-formed XML ({error})") from None
    return root[0]
