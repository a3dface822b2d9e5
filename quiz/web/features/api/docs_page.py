"""An OpenAPI document as the rows that the page /docs shows. Knows no request and no demo."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
BOUNDS = {"minimum": "at least", "maximum": "at most", "default": "default"}
PLACES = {"path": "in the path", "header": "a header", "query": "in the query"}


@dataclass(frozen=True)
class Row:
    """A value that the API takes or gives."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Answer:
    """A response with its media types and headers."""

    status: str
    text: str
    kinds: tuple[str, ...]
    headers: tuple[Row, ...]


@dataclass(frozen=True)
class Operation:
    """A method of a path."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Shape:
    """A JSON object of the API with its keys."""

    name: str
    text: str
    rows: tuple[Row, ...]


def operations(document: Node) -> Iterator[Operation]:
    """All operations, in the order of the document."""
    for path, methods in document["paths"].items():
        for method, node in methods.items():
            yield Operation(
                id=node["operationId"],
                method=method.upper(),
                path=path,
                summary=node["summary"],
                text=node.get("description", ""),
                parameters=tuple(map(_parameter, node.get("parameters", ()))),
                body=rows(_body(document, node)),
                answers=tuple(_answer(*answer) for answer in node["responses"].items()),
            )


def shapes(document: Node) -> Iterator[Shape]:
    """The schemas to which operations refer."""
    for name, node in document["components"]["schemas"].items():
        yield Shape(name, node.get("description", ""), rows(node))


def rows(schema: Node) -> tuple[Row, ...]:
    """The keys of an object's schema."""
    return tuple(
        Row(name, _kind(value), value.get("description", value.get("title", "")))
        for name, value in schema.get("properties", {}).items()
    )


def _parameter(node: Node) -> Row:
    return Row(node["name"], PLACES[node["in"]], node["description"])


def _body(document: Node, operation: Node) -> Node:
    """The schema of the request body; empty if the operation takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return {}
    name = _kind(content["application/json"]["schema"])
    schema: Node = document["components"]["schemas"][name]
    return schema


def _answer(status: str, node: Node) -> Answer:
    return Answer(
        status="others" if status == "default" else status,
        text=node["description"],
        kinds=tuple(
            f"{media_type}: {_kind(content['schema'])}" if content.get("schema") else media_type
            for media_type, content in node.get("content", {}).items()
        ),
        headers=tuple(
            Row(name, "a header", header["description"])
            for name, header in node.get("headers", {}).items()
        ),
    )


def _kind(schema: Node) -> str:
    """A schema in words: "a list of Event", "number, at least 0.1, at most 5, default 2"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "enum" in schema:
        return " · ".join(map(str, schema["enum"]))
    if "items" in schema:
        return f"a list of {_kind(schema['items'])}"
    if "prefixItems" in schema:
        return f"a pair of {' and '.join(map(_kind, schema['prefixItems']))}"
    bounds = [
        f"{word} {schema[key]:g}" for key, word in BOUNDS.items() if schema.get(key) is not None
    ]
    return ", ".join([str(schema.get("type", "any")), *bounds])
