"""What runs beside the loop is given as something to call, never as a coroutine that is there already.

One that is cancelled before it began (an exclusive group, a key twice in one write) would be dropped unawaited, and
Python would say so on stderr: in the middle of a person's screen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import tui.app

TAKERS = {"run_worker", "work"}


def begun(source: str) -> Iterator[int]:
    """Lines on which a worker is given the result of a call."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKERS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Call) and not (isinstance(first.func, ast.Name) and first.func.id == "partial"):
                yield node.lineno


def test_no_worker_is_given_a_coroutine() -> None:
    assert list(begun("self.run_worker(self.find(1))\nself.run_worker(partial(self.find, 1))\n")) == [1]
    root = Path(tui.app.__file__).parent
    sources = {str(path.relative_to(root)): path.read_text() for path in root.rglob("*.py")}
    assert [f"{name}:{line}" for name, source in sources.items() for line in begun(source)] == []
    assert [name for name, source in sources.items() if ".run_worker(" in source] == ["beside.py"]
