"""`quiz schema`: prints the JSON Schema of a pack or of a demo.yaml, for editors."""

import argparse
import json

from quiz.packs.json_schemas import demo_schema, pack_schema
from quiz.settings import Settings


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    schema = demo_schema() if chosen.what == "demo" else pack_schema()
    print(json.dumps(schema, indent=2))
    return 0
