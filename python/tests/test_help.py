"""``help`` shows the docstrings of the stub for the Rust code."""

import ast
import inspect
import operator
from pathlib import Path

import pytest

import digicert_contacts
from digicert_contacts import _core

STUB = Path(digicert_contacts.__file__).with_name("_core.pyi")


def named(node: ast.Module | ast.ClassDef, prefix: str = "") -> dict[str, str | None]:
    """Return classes, functions and members, such as ``Contact.from_dict``, with docstrings."""
    found: dict[str, str | None] = {}
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            found[prefix + child.name] = ast.get_docstring(child)
        if isinstance(child, ast.ClassDef):
            found |= named(child, f"{child.name}.")
    return found


NAMED = named(ast.parse(STUB.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", [name for name, text in NAMED.items() if text])
def test_help_shows_the_text_of_the_stub(name: str) -> None:
    shown = operator.attrgetter(name)(_core)
    assert inspect.getdoc(shown) == NAMED[name]


def test_everything_public_is_documented() -> None:
    assert len(NAMED) > 100
    silent = [name for name, text in NAMED.items() if not text and "__" not in name]
    assert silent == []
