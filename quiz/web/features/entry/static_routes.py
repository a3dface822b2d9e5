"""The files of static/. A browser may keep a file forever if its address has the hash."""

from fastapi import Request
from fastapi.responses import Response

from quiz.web.core.http_error import HttpError
from quiz.web.core.routing import FeatureRouter, RouteRules
from quiz.web.core.static_files import ADDRESS

router = FeatureRouter(RouteRules(needs_access_code=False, sets_cookie=False))


@router.api_route(ADDRESS + "/{path:path}", methods=["GET", "HEAD"])
async def static_file(request: Request, path: str) -> Response:
    found = request.app.state.static.find(path)
    if found is None:
        raise HttpError(404, "Nothing is here", "There is no such file.")
    file, keep = found
    headers = {"Cache-Control": keep, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = file.body
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = file.packed, "gzip"
    return Response(body, 200, headers, file.media_type)
