"""`quiz check`: prints everything that is wrong with packs and demos, and what could be better.

Only what is wrong makes it fail.
"""

import argparse

from quiz.packs.catalog import check, review
from quiz.settings import Settings


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    problems = check(settings, chosen.files)
    for problem in problems:
        print(problem)
    if not problems:
        print("Nothing is wrong.")
    if hints := review(settings, chosen.files):
        print("\nCould be better:")
        for hint in hints:
            print(hint)
    return 1 if problems else 0
