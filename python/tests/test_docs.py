"""Every Python block of the documentation runs; a block of text behind it is what it prints."""

import contextlib
import doctest
import io

import pytest

import digicert_contacts
import documented
from digicert_contacts import testing
from documented import Script


@pytest.mark.parametrize("script", documented.blocks(), ids=lambda script: script.id)
def test_a_block_runs_and_prints_what_is_shown(script: Script) -> None:
    for package in ("polars", "opentelemetry"):
        if f"import {package}" in script.text or f"from {package}" in script.text:
            pytest.importorskip(package, reason="make test-free-threaded does not install it")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(script.text, "block", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own docs
    assert output.getvalue() == script.printed


@pytest.mark.parametrize("module", [digicert_contacts, testing], ids=lambda m: m.__name__)
def test_the_examples_of_a_module_run(module: object) -> None:
    results = doctest.testmod(module)  # type: ignore[arg-type]
    assert results.attempted > 0
    assert results.failed == 0
