"""Where things lie, and how a new pack, kind, demo or page is found instead of listed.

Knows nothing of what is found: a folder by the file that marks it, a module by the name in it.
"""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
# A wheel carries the top-level folders inside the package; a clone has them beside it.
SHIPPED = PACKAGE / "_shipped" if (PACKAGE / "_shipped").is_dir() else PACKAGE.parent


class QuizError(Exception):
    """What went wrong and how to mend it, in words for the one who can."""

    # What the command exits with.
    exit_status = 1


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The mend of a wrong name: the nearest known one, else all of them."""
    names = list(known)
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]}?"
    return f"There are: {', '.join(names)}." if names else "There are none."


def folders(*roots: Path, marker: str) -> dict[str, Path]:
    """Name to folder, of those under the roots that hold `marker`; found twice is an error."""
    found: dict[str, Path] = {}
    for root in roots:
        for file in sorted(root.glob(f"*/{marker}")):
            folder = file.parent
            if folder.name in found:
                raise QuizError(
                    f"{folder.name} is found twice: in {found[folder.name]} and in {folder}. "
                    "Rename one of the folders."
                )
            found[folder.name] = folder
    return found


def load_one(package: str, attribute: str) -> dict[str, Any]:
    """Each module's `attribute`, by the module's name; one that lacks it is an error."""
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"{package}.{module.name}")
        if not hasattr(loaded, attribute):
            raise QuizError(
                f"{loaded.__file__} has no {attribute}. Every module of {package} needs one."
            )
        found[module.name] = getattr(loaded, attribute)
    return found
