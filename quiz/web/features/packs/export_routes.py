"""A pack as a file that another program reads."""

from fastapi import Request
from fastapi.responses import Response

from quiz.errors import did_you_mean
from quiz.exchange import WRITERS
from quiz.exchange.export_document import sheet
from quiz.packs.catalog import changed
from quiz.packs.pack import Pack
from quiz.web.components import lookup
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import state
from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(section="Learn"))

BY_SUFFIX = {known.suffix: known for known in WRITERS.values()}


# A plain function runs in a thread: writing a pack takes 0.1 s, which would block the event loop.
def export(request: Request) -> Response:
    suffix = request.path_params["suffix"]
    pack = lookup.pack(state(request)["shelf"].catalog, request.path_params["pack"])
    known = BY_SUFFIX.get(suffix)
    if known is None or known.write is None:
        raise _unknown_format(pack, suffix)
    content = known.write(sheet(pack, str(request.base_url), changed(pack)))
    headers = {
        "Content-Disposition": f'attachment; filename="{pack.slug}.{suffix}"',
        "Cache-Control": "no-cache",
    }
    return Response(content, headers=headers, media_type=known.media_type)


def _unknown_format(pack: Pack, suffix: str) -> HttpError:
    return HttpError(
        404,
        "There is no such format",
        f"No pack is written as {suffix}.",
        did_you_mean(suffix, BY_SUFFIX),
        ((f"All questions of {pack.title}", f"/packs/{pack.slug}"),),
    )


# A plain route, like those of a question. FastAPI's routes are tried after the plain ones, so
# `/packs/{pack}/{question}` would match this address first.
router.add_route("/packs/{pack}/export.{suffix}", export, methods=["GET"])
