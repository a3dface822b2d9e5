"""Addresses of the app's pages, derived from its routes: a new page is tested without a list."""

import re
from collections.abc import Iterator, Mapping

from quiz.registry import load_all
from quiz.web.core.routing import FeatureRoutes

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
# Files, streams and the JSON API.
FILES = ("/healthz", "/sandbox", "/schema", "/static", "/feed.atom", "/progress/export")
PACK_FILE = "/packs/{pack}/export.{suffix}"
# Pages that need a setting: an access code, --class, or --reload (the patterns).
SPECIAL = ("/code", "/teacher", "/class", "/room", "/packs/{pack}/{question}/room", "/patterns")
# Parameters without a value before the first answer, run or interview.
LATER = frozenset({"id", "ids", "place", "secret"})


def pages(examples: Mapping[str, str]) -> list[str]:
    """Pages that a newcomer can open. `examples` has a value for each parameter of an address."""
    return [
        PARAMETER.sub(lambda found: examples[found[1]], path)
        for path in sorted(_pages())
        if not LATER & set(PARAMETER.findall(path))
    ]


def _pages() -> Iterator[str]:
    for route in FeatureRoutes(load_all("quiz.web.features", "router")).routes:
        is_read = "GET" in (route.methods or ())
        if is_read and route.path != PACK_FILE and not route.path.startswith((*FILES, *SPECIAL)):
            yield route.path
