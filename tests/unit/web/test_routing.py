"""Rules of routes: the app follows the rules that a page declares beside its router."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from quiz.web.core.routing import (
    NO_RULES,
    FeatureRouter,
    FeatureRoutes,
    NavigationLink,
    RouteRules,
)

LAMPS = RouteRules(section="Lamps", needs_access_code=False)


async def nothing(request: Request) -> Response:
    return Response()


def lamps() -> FeatureRouter:
    router = FeatureRouter(LAMPS, NavigationLink("Lamps", "/lamps", order=2), prefix="/lamps")
    router.add_api_route("/{lamp}", nothing)
    return router


def test_a_path_has_the_rules_of_the_router_that_serves_it() -> None:
    routes = FeatureRoutes([lamps()])
    assert routes.rules("/lamps/red") == LAMPS
    assert routes.rules("/lamps/red/bulb") == NO_RULES
    assert routes.rules("/lampshades/red") == NO_RULES


def test_a_plain_router_has_the_default_rules() -> None:
    router = APIRouter()
    router.add_api_route("/plain", nothing)
    assert FeatureRoutes([router]).rules("/plain") == NO_RULES


def test_links_of_the_navigation_are_sorted_by_their_order() -> None:
    first = FeatureRouter(link=NavigationLink("First", "/first", order=1))
    routes = FeatureRoutes([lamps(), APIRouter(), first])
    assert [link.text for link in routes.navigation] == ["First", "Lamps"]


def test_a_plain_route_is_tried_before_a_route_of_fastapi() -> None:
    plain = FeatureRouter(RouteRules(section="Plain"))
    plain.add_route("/lamps/{lamp}", nothing)
    routes = FeatureRoutes([lamps(), plain])
    assert routes.rules("/lamps/red").section == "Plain"
    assert not hasattr(routes.routes[0], "dependant")
