"""Runs a library's command (`celery … worker`, `arq …`), or a file of the run (`python cron.py`).

The child that was forked from the zygote calls the function of the console script. A program that
is not Python is executed.
"""

import importlib.metadata
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from quiz.runs.stage.libraries import LIBRARIES
from quiz.runs.stage.probe import watch
from quiz.runs.stage.probe.writer import describe

PYTHON = "python"
ROLE_WORDS = frozenset(word for library in LIBRARIES.values() for word in library.role_words)


def role_of(argv: Sequence[str]) -> str:
    """The name of the program's lane: "celery worker", "arq", or the name of a Python file."""
    if argv[0] == PYTHON:
        return Path(argv[1]).stem
    known = [word for word in argv[1:] if word in ROLE_WORDS]
    return " ".join([os.path.basename(argv[0]), *known[:1]])


def call(run: str, argv: Sequence[str]) -> None:
    """Run the command to its end. Raises LookupError if the environment lacks the command."""
    main = _file(argv[1]) if argv[0] == PYTHON else script(argv[0])
    sys.path.insert(0, os.getcwd())
    probe = watch.install(run, role_of(argv))
    sys.argv = list(argv[1:] if argv[0] == PYTHON else argv)
    try:
        sys.exit(main())
    except Exception as error:
        # The error is an event too. Python prints its traceback as usual.
        detail = {"error": describe(error), "raised": True}
        probe.emit("failed", role_of(argv), probe.lane(), detail)
        raise


def script(name: str) -> Callable[[], Any]:
    """The function of a console script. Raises LookupError."""
    found = importlib.metadata.entry_points(group="console_scripts", name=name)
    for entry in found:
        function: Callable[[], Any] = entry.load()
        return function
    raise LookupError(f"This environment has no command {name}.")


def execute(argv: Sequence[str], role: str, environ: Mapping[str, str], output: str) -> None:
    """Execute another program. What it prints goes to the file `output`, if that is not ""."""
    if output:
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.close(file)
    os.execve(argv[0], list(argv), os.environ | environ)


def _file(name: str) -> Callable[[], Any]:
    """A file of the run's folder as the main program."""
    return lambda: runpy.run_path(os.path.abspath(name), run_name="__main__")
