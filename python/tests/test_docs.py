"""Every Python block of the documentation runs; a block of text behind it is what it prints."""

import contextlib
import doctest
import io
import re
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

import digicert_contacts
from digicert_contacts import testing

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def blocks() -> list[ParameterSet]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            line = text[: match.start()].count("\n") + 1
            found.append(pytest.param(match[1], match[2], id=f"{page.name}:{line}"))
    return found


@pytest.mark.parametrize(("code", "printed"), blocks())
def test_a_block_runs_and_prints_what_is_shown(code: str, printed: str | None) -> None:
    if "import polars" in code:
        pytest.importorskip("polars", reason="make test-frames installs it")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "block", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own docs
    assert output.getvalue() == (printed or "")


@pytest.mark.parametrize("module", [digicert_contacts, testing], ids=lambda m: m.__name__)
def test_the_examples_of_a_module_run(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.attempted > 0
    assert results.failed == 0
