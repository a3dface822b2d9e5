"""The JSON Schema of a pack, which an author's editor reads."""

import json

from fastapi import APIRouter
from fastapi.responses import Response

from quiz.packs import json_schemas

router = APIRouter()


@router.get("/schema/pack.json")
async def pack_schema() -> Response:
    schema = json.dumps(json_schemas.pack_schema(), indent=2)
    return Response(schema, media_type="application/schema+json")
