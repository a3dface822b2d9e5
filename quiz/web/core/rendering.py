"""Templates as pages and as the parts that htmx asks for. Knows no page."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup

from quiz import __version__
from quiz.markdown import block, inline
from quiz.registry import PACKAGE, SHIPPED
from quiz.settings import Settings
from quiz.web.core import syntax
from quiz.web.core.request import first_part, wants_fragment
from quiz.web.core.static_files import StaticFiles

# A page tells one learner's marks: a proxy must not keep it, the browser may for "back".
PAGE_HEADERS = {"Vary": "HX-Request", "Cache-Control": "private, no-cache"}
SECTIONS = {
    "": "learn",
    "packs": "learn",
    "topics": "learn",
    "attempts": "learn",
    "review": "review",
    "interview": "learn",
    "demos": "demos",
    "runs": "demos",
    "side-by-side": "demos",
    "progress": "progress",
    "recover": "progress",
    "class": "learn",
}


def markdown(text: str) -> Markup:
    return Markup(block(text))


def markdown_inline(text: str) -> Markup:
    """For the inside of a label or a list's line."""
    return Markup(inline(text))


# What templates, those of the kinds too, make of a text.
FILTERS = {
    "markdown": markdown,
    "markdown_inline": markdown_inline,
    "code_lines": syntax.lines,
    "code_around_gaps": syntax.around_gaps,
}


def make_templates(settings: Settings, static: StaticFiles) -> Environment:
    loaders = [
        FileSystemLoader(SHIPPED / "templates"),
        PrefixLoader({"kinds": FileSystemLoader(PACKAGE / "kinds")}),
    ]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.reload,
    )
    environment.globals |= {
        "static": static.address,
        "modules": static.modules,
        "has_room": settings.class_,
        "version": __version__,
    }
    environment.filters |= FILTERS
    return environment


def render(
    request: Request, page: str, *, block: str | None = None, status: int = 200, **context: Any
) -> HTMLResponse:
    """The page, or only its block if htmx asks for a part."""
    if block and wants_fragment(request):
        return HTMLResponse(fragment(request, page, block, **context), status, PAGE_HEADERS)
    template = request.app.state.templates.get_template(page)
    return HTMLResponse(template.render(_placed(request, context)), status, PAGE_HEADERS)


def fragment(request: Request, page: str, block: str, **context: Any) -> Markup:
    """A block of a page alone."""
    template = request.app.state.templates.get_template(page)
    parts = template.blocks[block](template.new_context(_placed(request, context)))
    return Markup("".join(parts))


def partial(request: Request, template: str, **context: Any) -> Markup:
    """A template alone, for a message of a stream."""
    return Markup(request.app.state.templates.get_template(template).render(**context))


def _placed(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    section = SECTIONS.get(first_part(request.scope["path"]))
    return context | {"request": request, "section": section}
