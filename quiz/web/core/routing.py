"""A feature's router, with what the app needs to know about its routes. Knows no feature.

Every module of quiz.web.features with a `router` is found at start. A new page touches no other
file, because navigation, access code, cookie and body limits read the rules of its router.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link of the navigation. `order` sorts the links; `text` is the name of the section."""

    text: str
    href: str
    order: int


@dataclass(frozen=True, slots=True)
class RouteRules:
    """What the app needs to know about the routes of a router.

    `section` is the text of the navigation link that is current on these pages.
    """

    section: str = ""
    needs_access_code: bool = True
    sets_cookie: bool = True
    # The body may have QUIZ_IMPORT_BYTES instead of QUIZ_BODY_BYTES.
    accepts_import: bool = False
    # The address contains a secret, so the log leaves it out.
    has_secret: bool = False


NO_RULES = RouteRules()


class FeatureRouter(APIRouter):
    """An APIRouter with rules, and a link in the navigation if the router has the section's page.

    `options` are those of APIRouter.
    """

    def __init__(
        self, rules: RouteRules = NO_RULES, link: NavigationLink | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.link = link
        self.rules = rules


class FeatureRoutes:
    """The routes of all features, in the order in which the app tries them.

    A plain APIRouter has the default rules.
    """

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        found, links = list[tuple[Route, RouteRules]](), list[NavigationLink]()
        for router in routers:
            rules = router.rules if isinstance(router, FeatureRouter) else NO_RULES
            found += [(route, rules) for route in router.routes if isinstance(route, Route)]
            if isinstance(router, FeatureRouter) and router.link:
                links.append(router.link)
        # Plain routes first: they serve the most frequent requests, and routes are tried in turn.
        self._rules = sorted(found, key=lambda pair: isinstance(pair[0], APIRoute))
        self.routes = [route for route, _ in self._rules]
        self.navigation = sorted(links, key=lambda link: link.order)

    def rules(self, path: str) -> RouteRules:
        """Rules of the route that serves the path; the defaults if none does."""
        matches = (rules for route, rules in self._rules if route.path_regex.match(path))
        return next(matches, NO_RULES)
