"""Play the default variant of every demo, or of those named, and print the facts of each as JSON.

`python -m tests.live.facts_of_demos` does that under another Python, for test_probes.py.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.live.once import DEMOS, ask, facts_of, missing, play_all

WANTED = [ask(demo) for demo in DEMOS]


def main() -> None:
    names = sys.argv[1:] or DEMOS
    wanted = [asked for asked in WANTED if asked.demo in names and not missing(asked)]
    with tempfile.TemporaryDirectory() as folder:
        runs = play_all(Path(folder), wanted)
    json.dump({asked.demo: facts_of(run) for asked, run in runs.items()}, sys.stdout)


if __name__ == "__main__":
    main()
