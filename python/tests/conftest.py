"""A sandbox of its own for each test, and a client on it."""

from collections.abc import Iterator

import hypothesis
import pytest

from digicert_contacts import Client
from digicert_contacts.testing import Sandbox

# The same examples in each run, however slow the machine is.
hypothesis.settings.register_profile("here", deadline=None, derandomize=True)
hypothesis.settings.load_profile("here")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        yield client
