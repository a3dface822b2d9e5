"""Pages load their data before they render: no template reads from storage."""

import ast
from pathlib import Path

import pytest

from quiz.registry import PACKAGE

WEB = PACKAGE / "web"
FILES = sorted(file for name in ("components", "features") for file in (WEB / name).rglob("*.py"))


def names(file: Path) -> str:
    return str(file.relative_to(WEB))


@pytest.mark.parametrize("file", FILES, ids=names)
def test_only_async_functions_reach_storage(file: Path) -> None:
    inside = set[int]()
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.AsyncFunctionDef):
            inside |= _lines_with_storage(node)
    assert _lines_with_storage(_tree(file)) == inside


@pytest.mark.parametrize("file", FILES, ids=names)
def test_no_class_holds_a_request(file: Path) -> None:
    fields = [
        ast.unparse(node)
        for made in ast.walk(_tree(file))
        if isinstance(made, ast.ClassDef)
        for node in made.body
        if isinstance(node, ast.AnnAssign)
    ]
    assert not [field for field in fields if "Request" in field.split(":", 1)[1].split()]


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _lines_with_storage(tree: ast.AST) -> set[int]:
    return {
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _is_storage(node)
    }


def _is_storage(node: ast.expr) -> bool:
    """`services["storage"]`, or a name or an attribute called `storage`."""
    match node:
        case ast.Subscript(slice=ast.Constant(value="storage")):
            return True
        case ast.Name(id="storage") | ast.Attribute(attr="storage"):
            return True
    return False
