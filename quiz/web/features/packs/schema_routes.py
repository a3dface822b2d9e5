"""The JSON Schema of a pack, which an author's editor reads."""

import json

from fastapi.responses import Response

from quiz.packs import json_schemas
from quiz.web.core.routing import FeatureRouter, RouteRules

router = FeatureRouter(RouteRules(sets_cookie=False))


@router.get("/schema/pack.json")
async def pack_schema() -> Response:
    schema = json.dumps(json_schemas.pack_schema(), indent=2)
    return Response(schema, media_type="application/schema+json")
