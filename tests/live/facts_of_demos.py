"""Play the default variant of every demo and print the facts of each as JSON.

`python -m tests.live.facts_of_demos` does that under another Python, for test_probes.py.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.live.once import DEMOS, ask, facts_of, missing, play_all

WANTED = [ask(demo) for demo in DEMOS]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        runs = play_all(Path(folder), [asked for asked in WANTED if not missing(asked)])
    json.dump({asked.demo: facts_of(run) for asked, run in runs.items()}, sys.stdout)


if __name__ == "__main__":
    main()
