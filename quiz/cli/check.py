"""`quiz check`: prints everything that is wrong with packs and demos."""

import argparse

from quiz.content import check
from quiz.settings import Settings


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    problems = check(settings, chosen.files)
    for problem in problems:
        print(problem)
    if not problems:
        print("Nothing is wrong.")
    return 1 if problems else 0
