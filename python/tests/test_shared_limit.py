"""One rate limit for many machines, on a real Redis. ``make tools`` installs it."""

import os
import pickle
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digicert_contacts import (
    Client,
    ConfigurationError,
    RateLimitError,
    RateLimits,
    RequestError,
)
from digicert_contacts.testing import Sandbox

# Three requests in a second, so that the age of a new server soon says nothing.
WINDOWS = [(3, 1)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    """Start a server, and wait until it is older than the window."""
    program = shutil.which("redis-server")
    if program is None:
        assert os.environ.get("CONTACTS_TOOLS") != "required", "make tools installs redis-server"
        pytest.skip("redis-server is not installed")
    path = tmp_path / "socket"
    options = ["--port", "0", "--save", "", "--dir", str(tmp_path), "--unixsocket", str(path)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as server:  # noqa: S603
        time.sleep(2.1)
        yield f"unix://{path}"
        server.terminate()


def client_of(sandbox: Sandbox, url: str, on_limit: str = "wait") -> Client:
    limits = RateLimits(WINDOWS, on_limit=on_limit, url=url)  # type: ignore[arg-type]
    return Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits)


def test_clients_share_a_limit_through_a_store(sandbox: Sandbox, store: str) -> None:
    first, second = (client_of(sandbox, store, "raise") for _ in range(2))
    for client in (first, second, first):
        client.order(100000001)
    with pytest.raises(RateLimitError) as caught:
        second.order(100000001)
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after < 1.1


def test_the_environment_names_the_store(
    sandbox: Sandbox, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGICERT_RATE_LIMIT_URL", store)
    limits = RateLimits(WINDOWS, on_limit="raise")
    client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits)
    for _ in range(3):
        client.order(100000001)
    with pytest.raises(RateLimitError):
        client_of(sandbox, store, "raise").order(100000001)
    client_of(sandbox, "", "raise").order(100000001)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_opens_its_own_connection_to_the_store(sandbox: Sandbox, store: str) -> None:
    client = client_of(sandbox, store)
    client.order(100000001)
    child = os.fork()
    if child == 0:
        try:
            read = [client.order(100000002).id for _ in range(6)]
            os._exit(0 if read == [100000002] * 6 else 1)
        finally:
            os._exit(2)
    read = [client.order(100000003).id for _ in range(6)]
    _, status = os.waitpid(child, 0)
    assert read == [100000003] * 6
    assert os.waitstatus_to_exitcode(status) == 0
    assert [status for _, _, status in sandbox.requests()] == [200] * 13


def test_a_store_that_cannot_be_reached_is_an_error_without_the_password(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = client_of(sandbox, f"redis://mallory:s3cret@127.0.0.1:{port}/0", "raise")
    with pytest.raises(RequestError, match=r"the rate limit store at 127\.0\.0\.1:") as caught:
        client.order(100000001)
    assert (caught.value.outcome, caught.value.attempts) == ("not-sent", 0)
    assert "cannot be reached: Connection refused" in str(caught.value)
    assert "s3cret" not in repr(caught.value)
    assert "mallory" not in repr(caught.value)
    assert sandbox.requests() == []


def test_ctrl_c_interrupts_a_wait_for_a_store_that_hangs(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = client_of(sandbox, f"redis://127.0.0.1:{port}")
        sent: list[float] = []

        def interrupt() -> None:
            time.sleep(0.3)
            sent.append(time.monotonic())
            signal.raise_signal(signal.SIGINT)

        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            client.order(100000001)
        late = time.monotonic() - sent[0]
        thread.join()
    assert late < 0.3


def test_limits_with_a_url_show_it_nowhere() -> None:
    limits = RateLimits([(1, 2)], url="redis://:s3cret@redis")
    assert repr(limits) == "RateLimits(((1, 2.0),), on_limit='wait', url=<not shown>)"
    assert limits == RateLimits([(1, 2)], url="redis://:s3cret@redis")
    assert limits != RateLimits([(1, 2)])
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(limits)


def test_an_invalid_url_is_an_error_that_does_not_contain_it(tmp_path: Path) -> None:
    limits = RateLimits(url="http://:s3cret@redis")
    with pytest.raises(ConfigurationError, match="expected redis://, rediss:// or unix://") as e:
        Client("key", rate_limits=limits)
    assert "s3cret" not in str(e.value)
    both = RateLimits(url="redis://redis", file=tmp_path / "limit")
    with pytest.raises(ConfigurationError, match="a rate limit file is set as well"):
        Client("key", rate_limits=both)
