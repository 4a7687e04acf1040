"""The public names as type checkers read them."""

import ast
from pathlib import Path

import tidings


def public_imports() -> dict[str, str]:
    """The module of each name that ``tidings/__init__.py`` imports for type checkers."""
    tree = ast.parse(Path(tidings.__file__).read_text())
    (block,) = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    found = {}
    for statement in block.body:
        assert isinstance(statement, ast.ImportFrom)
        for alias in statement.names:
            assert alias.asname == alias.name, f"{alias.name} is not exported"
            found[alias.name] = statement.module or ""
    return found
