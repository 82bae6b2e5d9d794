"""The pytest fixture ``digicert_sandbox``; the entry point of the package leads here."""

from collections.abc import Iterator

import pytest

from digicert_contacts.testing import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, so that ``--strict-markers`` takes it."""
    config.addinivalue_line(
        "markers",
        "digicert_sandbox(**settings): settings of the fixture digicert_sandbox, as of "
        "digicert_contacts.testing.Sandbox",
    )


@pytest.fixture
def digicert_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Start a sandbox of its own for each test, with the settings of the test's marker."""
    marker: pytest.Mark | None = request.node.get_closest_marker("digicert_sandbox")
    with Sandbox(*marker.args, **marker.kwargs) if marker else Sandbox() as sandbox:
        yield sandbox
