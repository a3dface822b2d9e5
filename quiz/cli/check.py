"""`quiz check`: prints everything that is wrong with packs and demos, and what could be better.

Only what is wrong makes it fail.
"""

import argparse

from quiz.packs.check import check
from quiz.settings import Settings


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    report = check(settings, chosen.files)
    for problem in report.problems:
        print(problem)
    if not report.problems:
        print("Nothing is wrong.")
    if report.hints:
        print("\nCould be better:")
        for hint in report.hints:
            print(hint)
    return 1 if report.problems else 0
