"""The health check, for monitoring."""

from fastapi.responses import PlainTextResponse

from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(needs_access_code=False, sets_cookie=False))


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> PlainTextResponse:
    return PlainTextResponse("ok\n")
