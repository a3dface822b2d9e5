"""Templates rendered as pages, or as the blocks that htmx asks for. Knows no page."""

from collections.abc import Sequence
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
from quiz.web.core.request import wants_fragment
from quiz.web.core.routing import NavigationLink, RouteRules
from quiz.web.core.static_files import StaticFiles

# A page shows one learner's marks: a proxy must not store it. The browser may, for "back".
PAGE_HEADERS = {"Vary": "HX-Request", "Cache-Control": "private, no-cache"}


def markdown(text: str) -> Markup:
    return Markup(block(text))


def markdown_inline(text: str) -> Markup:
    """Without a paragraph, for a label or a list item."""
    return Markup(inline(text))


# Filters of all templates, including those of the kinds.
FILTERS = {
    "markdown": markdown,
    "markdown_inline": markdown_inline,
    "code_lines": syntax.lines,
    "code_around_gaps": syntax.around_gaps,
}


def make_templates(
    settings: Settings, static: StaticFiles, navigation: Sequence[NavigationLink]
) -> Environment:
    """`navigation` are the links that every page shows, in order."""
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
        "navigation": navigation,
        "has_room": settings.class_,
        "version": __version__,
    }
    environment.filters |= FILTERS
    return environment


def render(
    request: Request, page: str, *, block: str | None = None, status: int = 200, **context: Any
) -> HTMLResponse:
    """The page, or only its block if htmx asks for a part of the page."""
    if block and wants_fragment(request):
        return HTMLResponse(fragment(request, page, block, **context), status, PAGE_HEADERS)
    template = request.app.state.templates.get_template(page)
    return HTMLResponse(template.render(_with_request(request, context)), status, PAGE_HEADERS)


def fragment(request: Request, page: str, block: str, **context: Any) -> Markup:
    """A block of a page, without the page around it."""
    template = request.app.state.templates.get_template(page)
    parts = template.blocks[block](template.new_context(_with_request(request, context)))
    return Markup("".join(parts))


def partial(request: Request, template: str, **context: Any) -> Markup:
    """A whole template without a page around it, for a message of a stream."""
    return Markup(request.app.state.templates.get_template(template).render(**context))


def _with_request(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    rules: RouteRules = request.scope["state"]["rules"]
    return context | {"request": request, "section": rules.section}
