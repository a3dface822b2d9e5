"""The sandbox's OpenAPI as a page of our own. FastAPI's needs inline script and a CDN."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from quiz.demos.model import Demo
from quiz.web.components.runs.run_choice import choose
from quiz.web.core.rendering import render
from quiz.web.core.request import state
from quiz.web.features.api.openapi import document

router = APIRouter()

Node = Mapping[str, Any]
# What a value's schema says of it, and how a reader is told.
BOUNDS = {"minimum": "at least", "maximum": "at most", "default": "default"}


@dataclass(frozen=True)
class Row:
    """A value that is taken or given."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Answer:
    status: str
    text: str
    kinds: tuple[str, ...]
    headers: tuple[Row, ...]


@dataclass(frozen=True)
class Operation:
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
    name: str
    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Example:
    """A demo, what it takes, and the command that runs it."""

    name: str
    title: str
    rows: tuple[Row, ...]
    variants: tuple[Row, ...]
    curl: str


@router.get("/docs")
async def docs(request: Request) -> Response:
    demos = state(request)["shelf"].catalog.demos
    whole = document(demos)
    return render(
        request,
        "docs.html",
        text=whole["info"]["description"],
        operations=list(_operations(whole)),
        shapes=[_shape(name, node) for name, node in whole["components"]["schemas"].items()],
        examples=[_example(request, demo) for demo in demos.values()],
    )


def _operations(whole: Node) -> Iterator[Operation]:
    for path, methods in whole["paths"].items():
        for method, node in methods.items():
            body = node.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Operation(
                id=node["operationId"],
                method=method.upper(),
                path=path,
                summary=node["summary"],
                text=node.get("description", ""),
                parameters=tuple(_parameter(whole, p) for p in node.get("parameters", ())),
                body=_rows(_meant(whole, body.get("schema", {}))),
                answers=tuple(_answer(whole, *answer) for answer in node["responses"].items()),
            )


def _parameter(whole: Node, node: Node) -> Row:
    meant = _meant(whole, node)
    where = {"path": "in the path", "header": "a header", "query": "in the query"}[meant["in"]]
    return Row(meant["name"], where, meant.get("description", ""))


def _answer(whole: Node, status: str, node: Node) -> Answer:
    meant = _meant(whole, node)
    headers = meant.get("headers", {}).items()
    return Answer(
        status="others" if status == "default" else status,
        text=meant["description"],
        kinds=tuple(
            f"{kind}: {_kind(content['schema'])}" if content else kind
            for kind, content in meant.get("content", {}).items()
        ),
        headers=tuple(
            Row(name, "a header", header.get("description", "")) for name, header in headers
        ),
    )


def _shape(name: str, node: Node) -> Shape:
    rows = _rows(node) or (Row("", _kind(node), ""),)
    return Shape(name, node.get("description", ""), rows)


def _rows(node: Node) -> tuple[Row, ...]:
    return tuple(
        Row(name, _kind(value), value.get("description", value.get("title", "")))
        for name, value in node.get("properties", {}).items()
    )


def _meant(whole: Node, node: Node) -> Node:
    """What a reference points to."""
    if "$ref" not in node:
        return node
    found = whole
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _kind(node: Node) -> str:
    """A schema in words: "a list of Event", "number, at least 0.1, at most 5, default 2"."""
    if "$ref" in node:
        return str(node["$ref"]).rpartition("/")[2]
    if "enum" in node:
        return " · ".join("null" if value is None else str(value) for value in node["enum"])
    if node.get("type") == "array":
        return f"a list of {_kind(node['items'])}"
    kind = node.get("type", "any")
    name = kind if isinstance(kind, str) else " or ".join(kind)
    bounds = [f"{word} {node[key]:g}" for key, word in BOUNDS.items() if key in node]
    return ", ".join([name, *bounds])


def _example(request: Request, demo: Demo) -> Example:
    return Example(
        name=demo.name,
        title=demo.title,
        rows=_rows(demo.json_schema()),
        variants=tuple(
            Row(v.name, ", ".join(v.environments), v.title) for v in demo.variants.values()
        ),
        curl=choose(demo).curl(str(request.base_url), state(request)["settings"].code),
    )
