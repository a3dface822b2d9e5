"""The taught libraries: a module for each one that has hooks, and one module for the others.

To add a library, add a module with a `LIBRARY`. No module here imports the library itself.
"""

import importlib
from pathlib import Path

from quiz.runs.stage.libraries.library import Begin, End, Library
from quiz.runs.stage.libraries.without_hooks import WITHOUT_HOOKS

__all__ = ["HOOKS", "LIBRARIES", "Begin", "End", "Library"]


def _found() -> dict[str, Library]:
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names if name[0] != "_"]
    found = [module.LIBRARY for module in modules if hasattr(module, "LIBRARY")]
    return {library.name: library for library in (*found, *WITHOUT_HOOKS)}


LIBRARIES: dict[str, Library] = _found()
# By the last two parts of a file, then by the qualified name of a function.
HOOKS: dict[str, dict[str, Begin]] = {
    file: dict(functions)
    for library in LIBRARIES.values()
    for file, functions in library.hooks.items()
}
