"""The Python code of the documentation: blocks of pages, and examples in docstrings."""

import ast
import doctest
import re
from pathlib import Path
from typing import NamedTuple

import digicert_contacts

ROOT = Path(__file__).parents[3]
PACKAGE = Path(digicert_contacts.__file__).parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


class Script(NamedTuple):
    """A whole program of the documentation."""

    file: Path
    """The file that contains it."""
    line: int
    """The number of the line before the program."""
    text: str
    """The program; in a docstring, with its output."""
    printed: str = ""
    """The output, in a page."""

    @property
    def id(self) -> str:
        """The position, as the name of a test."""
        return f"{self.file.name}:{self.line}"


def blocks() -> list[Script]:
    """Return the blocks of all pages."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            line = text[: match.start()].count("\n") + 1
            found.append(Script(page, line, match[1], match[2] or ""))
    return found


def examples() -> list[Script]:
    """Return the docstrings with examples of all modules and stubs."""
    found = []
    for file in sorted([*PACKAGE.glob("*.py"), *PACKAGE.glob("*.pyi")]):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node)
                if text and ">>>" in text:
                    found.append(Script(file, node.body[0].lineno - 1, text))
    return found


def program(example: Script) -> Script:
    """Return an example without its output, each line at its place."""
    lines: list[str] = []
    for part in doctest.DocTestParser().get_examples(example.text):
        lines += [""] * (part.lineno - len(lines)) + part.source.splitlines()
    return example._replace(text="\n".join([*lines, ""]))
