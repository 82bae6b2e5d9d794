"""The examples in docstrings and stubs run."""

import doctest

import pytest

import documented
from documented import Script

EXAMPLES = documented.examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_an_example_prints_what_is_shown(example: Script) -> None:
    test = doctest.DocTestParser().get_doctest(example.text, {}, example.id, None, 0)
    output: list[str] = []
    result = doctest.DocTestRunner().run(test, out=output.append)
    assert result.failed == 0, "".join(output)


def test_the_examples_are_found() -> None:
    assert len(EXAMPLES) > 40
