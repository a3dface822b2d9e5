"""A library's own command (`celery … worker`, `arq …`, `rq worker`) in a process of the run.

Forked from the warm zygote and called as its console script would call it; nothing else is
done for the demo. A program that is no Python is executed as it is.
"""

import importlib.metadata
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from quiz.sandbox.stage import watch


def role_of(argv: Sequence[str]) -> str:
    """What a lane calls it: "celery worker", "rq worker", "arq"."""
    known = [word for word in argv[1:] if word in ("worker", "beat", "flower", "scheduler")]
    return " ".join([os.path.basename(argv[0]), *known[:1]])


def call(run: str, argv: Sequence[str]) -> None:
    """Be the command until it ends. Raises LookupError where the environment has none such."""
    main = script(argv[0])
    sys.path.insert(0, os.getcwd())
    watch.install(run, role_of(argv))
    sys.argv = list(argv)
    sys.exit(main())


def script(name: str) -> Callable[[], Any]:
    """The function behind a console script of this environment."""
    found = importlib.metadata.entry_points(group="console_scripts", name=name)
    for entry in found:
        function: Callable[[], Any] = entry.load()
        return function
    raise LookupError(f"This environment has no command {name}.")


def execute(argv: Sequence[str]) -> None:
    """Become another program."""
    os.execv(argv[0], list(argv))
