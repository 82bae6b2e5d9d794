"""A new sandbox for each test, and a client for it."""

import signal
from collections.abc import Iterator

import hypothesis
import pytest

from digicert_contacts import Client
from digicert_contacts.testing import Sandbox

# The same examples in each run, on slow machines as well.
hypothesis.settings.register_profile("here", deadline=None, derandomize=True)
hypothesis.settings.load_profile("here")

# A shell starts background jobs with signals ignored; the processes that tests start must handle
# them.
for name in ("SIGINT", "SIGHUP"):
    if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        signal.signal(getattr(signal, name), signal.default_int_handler)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        yield client
