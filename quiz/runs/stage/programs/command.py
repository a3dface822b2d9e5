"""A library's own command (`celery … worker`, `arq …`, `rq worker`) in a process of the run, or a
file of the run (`python cron.py`).

Forked from the warm zygote and called as its console script would call it; nothing else is
done for the demo. A program that is no Python is executed as it is.
"""

import importlib.metadata
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from quiz.runs.stage.probe import watch
from quiz.runs.stage.probe.probe import describe

PYTHON = "python"


def role_of(argv: Sequence[str]) -> str:
    """What a lane calls it: "celery worker", "rq worker", "arq"; a file of the run its name."""
    if argv[0] == PYTHON:
        return Path(argv[1]).stem
    known = [word for word in argv[1:] if word in ("worker", "beat", "flower", "scheduler")]
    return " ".join([os.path.basename(argv[0]), *known[:1]])


def call(run: str, argv: Sequence[str]) -> None:
    """Be the command until it ends. Raises LookupError where the environment has none such."""
    main = _file(argv[1]) if argv[0] == PYTHON else script(argv[0])
    sys.path.insert(0, os.getcwd())
    probe = watch.install(run, role_of(argv))
    sys.argv = list(argv[1:] if argv[0] == PYTHON else argv)
    try:
        sys.exit(main())
    except Exception as error:
        # What it died of is an event too; its traceback is printed as at work.
        died = {"error": describe(error), "raised": True}
        probe.emit("failed", role_of(argv), probe.lane(), died)
        raise


def _file(name: str) -> Callable[[], Any]:
    """A file of the run's folder as the main program."""
    return lambda: runpy.run_path(os.path.abspath(name), run_name="__main__")


def script(name: str) -> Callable[[], Any]:
    """The function behind a console script of this environment."""
    found = importlib.metadata.entry_points(group="console_scripts", name=name)
    for entry in found:
        function: Callable[[], Any] = entry.load()
        return function
    raise LookupError(f"This environment has no command {name}.")


def execute(argv: Sequence[str], role: str, environ: Mapping[str, str], output: str) -> None:
    """Become another program; what it prints goes to the file `output`, if one is named."""
    if output:
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.close(file)
    os.execve(argv[0], list(argv), os.environ | environ)
