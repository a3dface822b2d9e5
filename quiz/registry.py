"""Folders of the project, and discovery of packs, kinds, demos and pages, which are never listed.

A folder is found by its marker file, a module by an attribute.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from quiz.errors import QuizError

PACKAGE = Path(__file__).parent
# A wheel carries the top-level folders inside the package; a clone has them beside it.
SHIPPED = PACKAGE / "_shipped" if (PACKAGE / "_shipped").is_dir() else PACKAGE.parent
# The shipped pack root, of the same shape as any folder in QUIZ_PACKS.
CONTENT = SHIPPED / "content"


def pack_roots(outside: Iterable[Path]) -> tuple[Path, ...]:
    """The shipped pack root, then the folders of QUIZ_PACKS."""
    return (CONTENT, *outside)


def folders(*roots: Path, marker: str) -> dict[str, Path]:
    """The folders that contain `marker`, by name. Raises QuizError for a repeated name."""
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
    """Each module's `attribute`, by the module's name. Raises QuizError if a module has none."""
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


def load_all(package: str, attribute: str) -> Iterator[Any]:
    """The `attribute` of each module below the package that has it, sorted by module name."""
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        loaded = importlib.import_module(module.name)
        if hasattr(loaded, attribute):
            yield getattr(loaded, attribute)
