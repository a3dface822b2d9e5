"""New packs and questions as an Atom feed."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request
from fastapi.responses import Response

from quiz.packs.catalog import changed
from quiz.web.core.request import state
from quiz.web.core.routing import FeatureRouter
from quiz.web.features.packs import atom

router = FeatureRouter()


@router.api_route("/feed.atom", methods=["GET", "HEAD"])
async def atom_feed(request: Request) -> Response:
    packs = state(request)["shelf"].catalog.packs.values()
    now = datetime.now(UTC)
    body = atom.write(atom.entries(packs, now.date()), str(request.base_url))
    # Last-Modified has whole seconds and must not be in the future.
    last = min(now, max(map(changed, packs), default=now)).replace(microsecond=0)
    headers = {
        "Cache-Control": "no-cache",
        # Weak, because a proxy or our own middleware may compress the body.
        "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(last, usegmt=True),
    }
    if _is_known(request, headers["ETag"], last):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=atom.MEDIA_TYPE)


def _is_known(request: Request, etag: str, last: datetime) -> bool:
    """Whether the reader has this version. The tag decides if the reader sent one."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return etag in tags
    try:
        return parsedate_to_datetime(request.headers["if-modified-since"]) >= last
    except (KeyError, ValueError, TypeError):
        return False
