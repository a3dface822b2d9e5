"""The page /docs. FastAPI's page would need inline script and files from another host."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from quiz.demos.model import Demo
from quiz.web.components.runs.run_choice import choose
from quiz.web.core.rendering import render
from quiz.web.core.request import state
from quiz.web.features.api.docs_page import Row, operations, rows, shapes
from quiz.web.features.api.openapi_routes import document

router = APIRouter()


@dataclass(frozen=True)
class Example:
    """A demo with its parameters and the command that runs it."""

    name: str
    title: str
    rows: tuple[Row, ...]
    variants: tuple[Row, ...]
    curl: str


@router.get("/docs")
async def docs(request: Request) -> Response:
    demos = state(request)["shelf"].catalog.demos
    described = document(demos)
    return render(
        request,
        "docs.html",
        text=described["info"]["description"],
        operations=list(operations(described)),
        shapes=list(shapes(described)),
        examples=[_example(request, demo) for demo in demos.values()],
    )


def _example(request: Request, demo: Demo) -> Example:
    variants = demo.variants.values()
    return Example(
        name=demo.name,
        title=demo.title,
        rows=rows(demo.json_schema()),
        variants=tuple(Row(v.name, ", ".join(v.environments), v.title) for v in variants),
        curl=choose(demo).curl(str(request.base_url), state(request)["settings"].code),
    )
