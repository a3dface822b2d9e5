"""A pack as a file of another program, to take along."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from quiz.errors import did_you_mean
from quiz.exchange import WRITERS
from quiz.exchange.export_document import sheet
from quiz.packs.catalog import changed
from quiz.web.components import lookup
from quiz.web.core.http_error import HttpError
from quiz.web.core.request import state

router = APIRouter()

BY_SUFFIX = {known.suffix: known for known in WRITERS.values()}


# Not `async`: a tenth of a second of work, in which the event loop has others to serve.
def export(request: Request) -> Response:
    suffix = request.path_params["suffix"]
    found = lookup.pack(state(request)["shelf"].catalog, request.path_params["pack"])
    known = BY_SUFFIX.get(suffix)
    if known is None or known.write is None:
        mend = did_you_mean(suffix, BY_SUFFIX)
        actions = ((f"All questions of {found.title}", f"/packs/{found.slug}"),)
        raise HttpError(
            404, "There is no such format", f"No pack is written as {suffix}.", mend, actions
        )
    content = known.write(sheet(found, str(request.base_url), changed(found)))
    headers = {
        "Content-Disposition": f'attachment; filename="{found.slug}.{suffix}"',
        "Cache-Control": "no-cache",
    }
    return Response(content, headers=headers, media_type=known.media_type)


# Plain, as a question's routes are, one of which it would else be taken for.
router.add_route("/packs/{pack}/export.{suffix}", export, methods=["GET"])
