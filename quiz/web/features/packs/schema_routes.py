"""The JSON Schema of a pack, for the editors of those who write one."""

import json

from fastapi import APIRouter
from fastapi.responses import Response

from quiz.packs import json_schemas

router = APIRouter()


@router.get("/schema/pack.json")
async def pack_schema() -> Response:
    return Response(
        json.dumps(json_schemas.pack_schema(), indent=2), 200, {}, "application/schema+json"
    )
