"""Names of the taught libraries, for pages. `quiz.runs.stage.libraries` describes each library."""

from quiz.runs.stage.libraries import LIBRARIES

TITLES = {name: library.title for name, library in LIBRARIES.items()} | {"python": "Python"}
# The libraries of which a demo starts a broker.
NEEDS_BROKER = frozenset(name for name, library in LIBRARIES.items() if library.needs_broker)
