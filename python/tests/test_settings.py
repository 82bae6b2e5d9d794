"""The settings of a client."""

import pickle
import time
from pathlib import Path

import pytest

import faults
from digicert_contacts import (
    Client,
    ConfigurationError,
    Contact,
    RateLimitError,
    RateLimits,
    RequestError,
    RequestTimeoutError,
)
from digicert_contacts.testing import Sandbox

JANE = Contact("Jane", "Doe", "jane.doe@example.com")


def test_a_request_is_retried_as_often_as_requested() -> None:
    for retries in (0, 1):
        with faults.Server(faults.unavailable(0)) as server:
            client = Client("key", base_url=server.base_url, max_retries=retries)
            with pytest.raises(RequestError) as caught:
                client.order(1)
            assert caught.value.attempts == len(server.requests) == retries + 1
            with pytest.raises(RequestError) as caught:
                client.update_contacts(1, technical=JANE)
            updates = [r for r in server.requests if r.startswith(b"PUT")]
            assert caught.value.attempts == len(updates) == 1, "no read tells whether to repeat it"
    with pytest.raises(ValueError, match="max_retries must be 0 or more"):
        Client("key", max_retries=-1)
    with pytest.raises(TypeError, match="max_retries must be an int, not str"):
        Client("key", max_retries="2")  # type: ignore[arg-type]
    assert not Client("key", max_retries=2**70).closed


def test_a_reached_limit_is_waited_for_or_raised(sandbox: Sandbox) -> None:
    waits = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=[(1, 0.3)])
    start = time.monotonic()
    waits.order(100000001)
    waits.order(100000001)
    assert time.monotonic() - start >= 0.3
    limits = RateLimits([(1, 60)], on_limit="raise")
    raises = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits)
    raises.order(100000001)
    with pytest.raises(RateLimitError, match="the rate limit allows the next request in") as caught:
        raises.order(100000001)
    assert caught.value.retry_after == pytest.approx(60, abs=5)
    assert (caught.value.outcome, caught.value.attempts) == ("not-sent", 0)


def test_raise_makes_a_429_final() -> None:
    with faults.Server(b"HTTP/1.1 429 X\r\nContent-Length: 0\r\n\r\n") as server:
        client = Client("key", base_url=server.base_url, rate_limits="raise")
        with pytest.raises(RateLimitError) as caught:
            client.update_contacts(1, technical=JANE)
    assert (caught.value.attempts, caught.value.retry_after) == (1, 5.0)


def test_clients_share_a_limit_through_a_file(sandbox: Sandbox, tmp_path: Path) -> None:
    limits = RateLimits([(1, 60)], on_limit="raise", file=tmp_path / "limit")
    clients = [
        Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits) for _ in range(2)
    ]
    clients[0].order(100000001)
    with pytest.raises(RateLimitError):
        clients[1].order(100000001)


def test_rate_limits_are_value_objects(tmp_path: Path) -> None:
    limits = RateLimits(iter([(5, 1), (7, 2.5)]), on_limit="raise", file=tmp_path)
    assert (limits.windows, limits.on_limit, limits.file) == (
        ((5, 1.0), (7, 2.5)),
        "raise",
        tmp_path,
    )
    same = pickle.loads(pickle.dumps(limits))  # noqa: S301 - made here
    assert {limits} == {same}
    assert RateLimits().windows == ((100, 5.0), (1000, 180.0))
    assert repr(RateLimits([(1, 2)])) == "RateLimits(((1, 2.0),), on_limit='wait')"


@pytest.mark.parametrize("window", [(0, 5), (-1, 5), (1, 0), (1, -1), (1, float("nan"))])
def test_an_invalid_window_is_rejected(window: tuple[int, float]) -> None:
    with pytest.raises(ValueError, match="at least one request in more than 0 seconds"):
        Client("key", rate_limits=[window])


def test_other_invalid_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="rate_limits must be 'wait'"):
        Client("key", rate_limits="never")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="on_limit must be"):
        RateLimits(on_limit="never")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pairs of a number of requests"):
        Client("key", rate_limits=[5])  # type: ignore[list-item]
    for name in ("timeout", "connect_timeout"):
        with pytest.raises(TypeError, match=f"^{name} must be a number of seconds, not NoneType"):
            Client("key", **{name: None})  # type: ignore[arg-type]
        for value in (0, -1, float("nan")):
            with pytest.raises(ValueError, match=f"^{name} must be a positive number of seconds"):
                Client("key", **{name: value})  # type: ignore[arg-type]
        with pytest.raises(ConfigurationError, match="at most 24 hours"):
            Client("key", **{name: 86401})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="invalid proxy: SOCKS is not supported"):
        Client("key", proxy="socks5://marker:marker@proxy")
    with pytest.raises(ConfigurationError, match=r"cannot load .*none`: "):
        Client("key", ca_bundle=tmp_path / "none")
    with pytest.raises(ConfigurationError, match=r"cannot load .*none`: "):
        Client("key", client_cert=tmp_path / "none")
    with pytest.raises(ConfigurationError, match=r"cannot load .*none`: "):
        Client("key", client_cert=(tmp_path / "none", "key.pem"))
    with pytest.raises(TypeError, match="client_cert must be a path, or the paths of chain and k"):
        Client("key", client_cert=("a", "b", "c"))  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="user agent suffix"):
        Client("key", user_agent_suffix="a\nb")


def test_a_proxy_is_used_and_direct_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with faults.Server(b"HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
        url = "https://digicert.invalid/services/v2"
        for settings in ({}, {"proxy": proxy.base_url}):
            client = Client("key", base_url=url, max_retries=0, **settings)  # type: ignore[arg-type]
            with pytest.raises(RequestError):
                client.order(1)
        assert len(proxy.requests) == 2
        assert all(
            request.startswith(b"CONNECT digicert.invalid:443") for request in proxy.requests
        )
        assert not any(b"key" in request.lower() for request in proxy.requests)
        with pytest.raises(RequestError):
            Client("key", base_url=url, max_retries=0, timeout=2, proxy="direct").order(1)
        assert len(proxy.requests) == 2


def test_connecting_has_its_own_timeout() -> None:
    with faults.Server(b"", delay=5) as silent:
        url = silent.base_url.replace("http:", "https:")
        client = Client("key", base_url=url, max_retries=0, connect_timeout=0.2)
        with pytest.raises(RequestTimeoutError) as caught:
            client.update_contacts(1, technical=JANE)
    assert caught.value.outcome == "not-sent"


def test_the_user_agent_has_the_suffix() -> None:
    with faults.Server(faults.ok(b'{"id": 1}')) as server:
        Client("key", base_url=server.base_url, user_agent_suffix="acme/2").order(1)
    assert b" acme/2\r\n" in server.requests[0]
