"""`quiz check`: prints the errors of packs and demos, and suggestions.

Its exit status is 1 if there are errors.
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
