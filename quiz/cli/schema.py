"""`quiz schema`: prints the JSON Schema of a pack, for editors."""

import argparse
import json

from quiz.content import schema
from quiz.settings import Settings


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    print(json.dumps(schema(), indent=2))
    return 0
