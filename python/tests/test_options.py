"""Options of single calls, default headers, settings of the environment, and closing."""

import asyncio
import gc
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import faults
from digicert_contacts import (
    AsyncClient,
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
CALLS: dict[str, Callable[..., object]] = {
    "update_contacts": lambda client, **options: client.update_contacts(
        1, technical=JANE, **options
    ),
    "order": lambda client, **options: client.order(1, **options),
    "orders": lambda client, **options: next(client.orders(**options)),
    "order_report": lambda client, **options: client.order_report(**options),
    "whoami": lambda client, **options: client.whoami(**options),
}


@pytest.fixture
def busy() -> Iterator[faults.Server]:
    """Start a server that is unavailable."""
    with faults.Server(faults.unavailable(0)) as server:
        yield server


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_each_call_takes_options_for_itself_alone(
    call: Callable[..., object], busy: faults.Server
) -> None:
    client = Client("key", base_url=busy.base_url, max_retries=1)
    for options, attempts in (({"max_retries": 0}, 1), ({}, None), ({"max_retries": 0}, 1)):
        with pytest.raises(RequestError) as caught:
            call(client, **options)
        if attempts is not None:
            assert caught.value.attempts == attempts


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_each_call_takes_a_timeout(call: Callable[..., object]) -> None:
    with faults.Server(b"", delay=5) as silent:
        client = Client("key", base_url=silent.base_url)
        with pytest.raises(RequestTimeoutError, match=r"after 0\.2 s, the `timeout`"):
            call(client, timeout=0.2, max_retries=0, rate_limit_wait=False)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_unknown_option_or_value_is_named(call: Callable[..., object]) -> None:
    client = Client("key", base_url="http://127.0.0.1:9")
    for options, error, message in (
        ({"timeouts": 5}, TypeError, "timeouts"),
        ({"timeout": "5"}, TypeError, "timeout must be a number of seconds, not str"),
        ({"timeout": True}, TypeError, "timeout must be a number of seconds, not bool"),
        ({"timeout": 0}, ValueError, "timeout must be a positive number of seconds"),
        ({"timeout": 86401}, ConfigurationError, "invalid timeout: at most 24 hours"),
        ({"max_retries": -1}, ValueError, "max_retries must be 0 or more"),
        ({"timeout": 10**400}, ValueError, "timeout must be a positive number of seconds"),
        ({"max_retries": 1.5}, TypeError, "max_retries must be an int, not float"),
        ({"max_retries": True}, TypeError, "max_retries must be an int, not bool"),
        ({"rate_limit_wait": "no"}, TypeError, "must be True, False or seconds, not str"),
        ({"rate_limit_wait": -1}, ValueError, "rate_limit_wait must be 0 or more seconds"),
        ({"rate_limit_wait": float("nan")}, ValueError, "rate_limit_wait must be 0 or more"),
    ):
        with pytest.raises(error, match=message):
            call(client, **options)
        with pytest.raises(error, match=message):
            client.with_options(**options)


def test_a_client_with_options_shares_connections_and_limit(sandbox: Sandbox) -> None:
    limits = RateLimits([(1, 60)], on_limit="raise")
    client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits)
    quick = client.with_options(timeout=5, max_retries=0)
    assert quick.order(100000001).id == 100000001
    with pytest.raises(RateLimitError):
        client.order(100000001)
    assert repr(quick) == repr(client)
    assert quick.base_url == client.base_url


def test_options_are_added_to_those_before(busy: faults.Server) -> None:
    client = Client("key", base_url=busy.base_url, max_retries=5)
    once = client.with_options(max_retries=0).with_options(timeout=5).with_options()
    with pytest.raises(RequestError) as caught:
        once.order(1)
    assert caught.value.attempts == 1
    with pytest.raises(RequestError) as caught:
        once.order(1, max_retries=1)
    assert caught.value.attempts == 2
    assert len(busy.requests) == 3


def test_a_long_chain_of_clients_is_as_good_as_one(client: Client) -> None:
    chain = client
    for _ in range(20_000):
        chain = chain.with_options(timeout=5)
    assert chain.order(100000001).id == 100000001
    del chain
    gc.collect()


def test_a_wait_for_the_rate_limit_is_as_long_as_the_call_allows(sandbox: Sandbox) -> None:
    client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=[(1, 0.5)])
    client.order(100000001)
    for wait in (False, 0, 0.01):
        with pytest.raises(RateLimitError) as caught:
            client.order(100000001, rate_limit_wait=wait)
        assert caught.value.outcome == "not-sent"
        assert caught.value.retry_after is not None
    start = time.monotonic()
    client.order(100000001, rate_limit_wait=30)
    client.with_options(rate_limit_wait=False).order(100000001, rate_limit_wait=True)
    assert time.monotonic() - start >= 0.5


def test_options_apply_to_bulk_changes(sandbox: Sandbox, tmp_path: Path) -> None:
    limits = RateLimits([(1, 60)])
    client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits)
    rows = [{"order_id": order, "technical_contact": JANE} for order in (100000001, 100000002)]
    report = client.with_options(rate_limit_wait=False).apply(rows, journal=tmp_path / "run")
    assert report.stopped is not None
    assert report.stopped.kind == "rate-limited"


def test_a_longer_timeout_than_that_of_a_shared_limit_is_an_error(tmp_path: Path) -> None:
    client = Client("key", timeout=10, rate_limits=RateLimits(file=tmp_path / "limit"))
    with pytest.raises(ConfigurationError, match="at most the timeout of the client"):
        client.with_options(timeout=11)


def test_closing_a_client_closes_those_made_from_it(client: Client) -> None:
    with client.with_options(timeout=5) as quick, quick.with_options(max_retries=0) as other:
        assert [client.closed, quick.closed, other.closed] == [False] * 3
        orders = other.orders()
        assert next(orders).id == 100000001
        client.close()
    assert [client.closed, quick.closed, other.closed] == [True] * 3
    for closed in (client, quick, other):
        with pytest.raises(RuntimeError, match="the client is closed"):
            closed.order(100000001)
    with pytest.raises(RuntimeError, match="the client is closed"):
        next(orders)
    with pytest.raises(RuntimeError, match="the client is closed"):
        client.with_options(timeout=5)


def test_closing_a_client_with_options_closes_it_alone(client: Client) -> None:
    with client.with_options(timeout=5) as quick:
        other = quick.with_options(max_retries=0)
        assert quick.order(100000001).id == 100000001
    assert quick.closed
    with pytest.raises(RuntimeError, match=r"^the client is closed$"):
        quick.order(100000001)
    assert client.order(100000001).id == other.order(100000001).id
    client.close()
    with pytest.raises(RuntimeError, match="the client that this one was made from is closed"):
        other.order(100000001)


def test_every_call_of_a_closed_client_says_so(client: Client) -> None:
    plan = client.plan([{"order_id": 100000001, "technical_contact": JANE}])
    client.close()
    calls: list[Callable[..., object]] = [
        *CALLS.values(),
        lambda client: client.plan([{"order_id": 1, "technical_contact": JANE}]),
        lambda client: client.find("jane.doe@example.com"),
        lambda client: client.replace("jane.doe@example.com", JANE),
        lambda _: plan.apply(journal=None),
    ]
    for call in calls:
        with pytest.raises(RuntimeError, match="the client is closed"):
            call(client)


def test_an_async_client_with_options_shares_the_client(sandbox: Sandbox) -> None:
    async def calls() -> None:
        limits = RateLimits([(5, 60)], on_limit="raise")
        url = sandbox.base_url
        async with AsyncClient(sandbox.api_key, base_url=url, rate_limits=limits) as client:
            async with client.with_options(timeout=5, max_retries=0) as quick:
                assert (await quick.order(100000001, timeout=3)).id == 100000001
                await quick.update_contacts(100000001, technical=JANE, rate_limit_wait=0)
                assert [order.id async for order in client.orders(max_retries=0)]
                assert (await client.whoami(timeout=5)).id == 1
                await client.order_report(timeout=5)
                with pytest.raises(RateLimitError):
                    await quick.order(100000001)
                with pytest.raises(TypeError, match="timeouts"):
                    await quick.order(100000001, timeouts=5)  # type: ignore[call-arg]
            assert quick.closed
            assert not client.closed
            with pytest.raises(RuntimeError, match="the client is closed"):
                await quick.order(100000001)
            other = client.with_options(timeout=5).with_options(max_retries=0)
        assert client.closed
        assert other.closed
        with pytest.raises(RuntimeError, match="closed"):
            await other.order(100000001)

    asyncio.run(calls())


def test_default_headers_are_sent_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps({"errors": [{"code": "bad", "message": "no: Marker-Token-1"}]}).encode()
    answer = b"HTTP/1.1 400 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    caplog.set_level(logging.DEBUG)
    with faults.Server(answer) as server:
        headers = {"X-Gateway-Token": "Marker-Token-1"}
        client = Client("key", base_url=server.base_url, default_headers=headers)
        with pytest.raises(RequestError) as caught:
            client.with_options(timeout=5).order(1)
    assert b"\r\nx-gateway-token: Marker-Token-1\r\n" in server.requests[0]
    error = caught.value
    assert "Marker" not in f"{error} {error!r} {vars(error)} {client!r} {caplog.text}"
    assert error.errors[0].message == "no: [redacted]"


@pytest.mark.parametrize(
    ("headers", "error", "message"),
    [
        ({"X-DC-DEVKEY": "Marker"}, ConfigurationError, "`X-DC-DEVKEY`: the client sets it itself"),
        ({"content-type": "Marker"}, ConfigurationError, "`content-type`: the client sets it"),
        ({"Host": "Marker"}, ConfigurationError, "`Host`: the client sets it itself"),
        ({"User-Agent": "Marker"}, ConfigurationError, "use the user agent suffix"),
        ({"X: Marker": ""}, ConfigurationError, "invalid header name"),
        ({"X": "Marker\r\nY: 1"}, ConfigurationError, "`X`: the value may only contain"),
        ({"X": "Marker\ud800"}, ConfigurationError, "`X`: the value may only contain"),
        ({"X": 5}, TypeError, "names and values of default_headers must be str"),
        ({b"X": "Marker"}, TypeError, "names and values of default_headers must be str"),
        ([("X", "Marker")], TypeError, "must be a mapping of names to values, not list"),
        ("X: Marker", TypeError, "must be a mapping of names to values, not str"),
    ],
)
def test_an_invalid_default_header_is_named_without_its_value(
    headers: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        Client("key", default_headers=headers)  # type: ignore[arg-type]
    assert "Marker" not in str(caught.value)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("API_KEY", "REGION", "BASE_URL", "RATE_LIMIT_URL"):
        monkeypatch.delenv(f"DIGICERT_{name}", raising=False)
    return monkeypatch


def test_a_client_has_the_settings_of_the_environment(
    environment: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    environment.setenv("DIGICERT_API_KEY", sandbox.api_key)
    assert Client.from_env().base_url == "https://www.digicert.com/services/v2"
    environment.setenv("DIGICERT_REGION", "eu")
    assert Client.from_env().base_url == "https://certcentral.digicert.eu/services/v2"
    assert Client.from_env(region="us").base_url == "https://www.digicert.com/services/v2"
    assert Client().base_url == "https://www.digicert.com/services/v2", "only from_env reads it"
    environment.setenv("DIGICERT_REGION", "")
    environment.setenv("DIGICERT_BASE_URL", sandbox.base_url)
    with Client.from_env(timeout=20, default_headers={"X-A": "b"}) as client:
        assert client.order(100000001).id == 100000001

    async def call() -> int:
        async with AsyncClient.from_env(concurrency=2) as client:
            return (await client.order(100000001)).id

    assert asyncio.run(call()) == 100000001
    assert Client.from_env(region="eu").base_url.startswith("https://certcentral.digicert.eu/")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "no API key: pass api_key or set DIGICERT_API_KEY"),
        ({"API_KEY": ""}, "no API key: pass api_key or set DIGICERT_API_KEY"),
        ({"API_KEY": "Marker\n"}, "the API key ends with white space"),
        ({"API_KEY": "k", "REGION": "Marker"}, "DIGICERT_REGION: expected `us` or `eu`"),
        ({"API_KEY": "k", "BASE_URL": "Marker"}, "invalid DIGICERT_BASE_URL: invalid base URL"),
        (
            {"API_KEY": "k", "BASE_URL": "https://a.example", "REGION": "eu"},
            "DIGICERT_BASE_URL and DIGICERT_REGION: both are set",
        ),
        ({"API_KEY": "k", "RATE_LIMIT_URL": "Marker"}, "invalid rate limit URL"),
    ],
)
def test_a_variable_that_is_missing_or_invalid_is_named(
    environment: pytest.MonkeyPatch, variables: dict[str, str], message: str
) -> None:
    for name, value in variables.items():
        environment.setenv(f"DIGICERT_{name}", value)
    with pytest.raises(ConfigurationError, match=message) as caught:
        Client.from_env()
    assert "Marker" not in str(caught.value)


def test_an_unknown_setting_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DIGICERT_API_KEY", "key")
    with pytest.raises(TypeError, match="timeouts"):
        Client.from_env(timeouts=5)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="pass either region or base_url"):
        Client.from_env(region="eu", base_url="https://a.example")
