"""JSON Schemas, draft 7, of packs and of demo.yaml. Editors use them to complete and check."""

from typing import Any

from quiz.demos.loader import DemoFile
from quiz.packs.schema import PackFile

DRAFT_7 = "http://json-schema.org/draft-07/schema#"


def pack_schema() -> dict[str, Any]:
    return _schema(PackFile.model_json_schema(mode="validation"), "A pack of After Response")


def demo_schema() -> dict[str, Any]:
    return _schema(DemoFile.model_json_schema(mode="validation"), "A demo of After Response")


def _schema(generated: dict[str, Any], title: str) -> dict[str, Any]:
    for model in generated["$defs"].values():
        if kind := model.get("properties", {}).get("kind"):
            kind["description"] = "How the question is answered."
    return {"$schema": DRAFT_7, **_draft_7(generated), "title": title}


def _draft_7(node: Any) -> Any:
    """The schema in draft 7. pydantic writes draft 2020-12."""
    if isinstance(node, list):
        return [_draft_7(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "discriminator" in node:
        return _by_kind(node["discriminator"])
    renamed = {"$defs": "definitions", "prefixItems": "items"}
    kept = {renamed.get(key, key): _draft_7(value) for key, value in node.items()}
    if isinstance(kept.get("$ref"), str):
        kept["$ref"] = _in_draft_7(kept["$ref"])
    return kept


def _by_kind(discriminator: dict[str, Any]) -> dict[str, Any]:
    """An `if` and `then` for each kind, so that editors report a mistake once.

    With `oneOf`, editors would also report the missing fields of all other kinds.
    """
    name, mapping = discriminator["propertyName"], discriminator["mapping"]
    return {
        "type": "object",
        "required": [name],
        "properties": {
            name: {"enum": list(mapping), "description": "How the question is answered."}
        },
        "allOf": [
            {
                "if": {"required": [name], "properties": {name: {"const": kind}}},
                "then": {"$ref": _in_draft_7(ref)},
            }
            for kind, ref in mapping.items()
        ],
    }


def _in_draft_7(ref: str) -> str:
    return ref.replace("#/$defs/", "#/definitions/")
