"""The pytest fixture ``digicert_sandbox``, an entry point of this package."""

from collections.abc import Iterator

import pytest

from digicert_contacts.testing import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, for ``--strict-markers``."""
    config.addinivalue_line(
        "markers",
        "digicert_sandbox(**settings): the arguments of digicert_contacts.testing.Sandbox for the "
        "fixture digicert_sandbox",
    )


@pytest.fixture
def digicert_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Start a new sandbox for each test, with the settings of the test's marker."""
    marker: pytest.Mark | None = request.node.get_closest_marker("digicert_sandbox")
    with Sandbox(*marker.args, **marker.kwargs) if marker else Sandbox() as sandbox:
        yield sandbox
