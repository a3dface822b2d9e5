"""The sandbox's OpenAPI: what openapi.yaml says, with the demos that are there."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from quiz import __version__
from quiz.demos.model import Demo

SOURCE = Path(__file__).with_suffix(".yaml")


@cache
def _described() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return described


def document(demos: Mapping[str, Demo]) -> dict[str, Any]:
    described = _described()
    components = described["components"]
    name = components["parameters"]["demo"]
    named = name | {"schema": {"type": "string", "enum": list(demos)}} if demos else name
    return described | {
        "info": described["info"] | {"version": __version__},
        "components": components | {"parameters": components["parameters"] | {"demo": named}},
    }
