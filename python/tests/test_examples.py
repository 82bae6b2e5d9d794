"""The examples in docstrings and stubs run."""

import ast
import doctest
from pathlib import Path

import pytest

import digicert_contacts

PACKAGE = Path(digicert_contacts.__file__).parent


def examples() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for file in sorted([*PACKAGE.glob("*.py"), *PACKAGE.glob("*.pyi")]):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node)
                if text and ">>>" in text:
                    found.append((f"{file.name}:{getattr(node, 'name', '')}", text))
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_prints_what_is_shown(name: str, text: str) -> None:
    test = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    output: list[str] = []
    result = doctest.DocTestRunner().run(test, out=output.append)
    assert result.failed == 0, "".join(output)


def test_the_examples_are_found() -> None:
    assert len(EXAMPLES) > 40
