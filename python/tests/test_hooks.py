"""Event hooks: which events they get, where they run, and what an exception in one does."""

import asyncio
import contextvars
import pickle
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import faults
from digicert_contacts import (
    AsyncClient,
    CallCancelledError,
    Client,
    ConfigurationError,
    ConnectionFailedError,
    Contact,
    EventHooks,
    OrderNotFoundError,
    RequestEvent,
    ResponseEvent,
    RetryEvent,
    WaitEvent,
)
from digicert_contacts.testing import Sandbox

MARKER = Contact("Markerfirst", "Markerlast", "marker@example.com", telephone="Marker 5")
ORDER = 100000001


class Recorder(list[Any]):
    """A list of events, and hooks that append to it."""

    @property
    def hooks(self) -> EventHooks:
        """Return the hooks."""
        add = self.append
        return {"request": [add], "response": [add], "retry": [add], "wait": [add]}

    @property
    def names(self) -> list[str]:
        """Return the names of the events."""
        return [type(event).__name__.removesuffix("Event").lower() for event in self]


class HookError(Exception):
    """What a hook raises."""


def raise_error(_: object) -> None:
    raise HookError


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def connect(
    sandbox: Sandbox, hooks: EventHooks, rate_limits: list[tuple[int, float]] | None = None
) -> Client:
    return Client(
        sandbox.api_key, base_url=sandbox.base_url, event_hooks=hooks, rate_limits=rate_limits
    )


def test_each_request_has_an_event_before_and_after_it(
    sandbox: Sandbox, recorder: Recorder
) -> None:
    client = connect(sandbox, recorder.hooks)
    client.update_contacts(ORDER, technical=MARKER)
    client.whoami()
    url = f"{sandbox.base_url}/order/certificate/{ORDER}/contact"
    sent, answered = recorder[:2]
    assert sent == RequestEvent("PUT", url, ORDER, 1)
    assert answered[:5] == ("PUT", url, ORDER, 1, 204)
    assert isinstance(answered, ResponseEvent)
    assert 0 < answered.elapsed < 10
    assert answered.error is None
    assert recorder[2] == RequestEvent("GET", f"{sandbox.base_url}/user/me", None, 1)
    assert recorder.names == ["request", "response"] * 2


def test_a_failed_request_has_the_exception_of_the_call(
    sandbox: Sandbox, recorder: Recorder
) -> None:
    with pytest.raises(OrderNotFoundError) as caught:
        connect(sandbox, recorder.hooks).order(7)
    error = recorder[1].error
    assert (type(error), str(error)) == (OrderNotFoundError, str(caught.value))
    assert (recorder[1].status_code, error.outcome) == (404, "rejected")
    recorder.clear()
    client = Client("key", base_url="http://127.0.0.1:1", max_retries=0, event_hooks=recorder.hooks)
    with pytest.raises(ConnectionFailedError):
        client.order(7)
    assert recorder[1].status_code is None
    assert isinstance(recorder[1].error, ConnectionFailedError)


def test_retries_and_waits_have_their_reasons(recorder: Recorder) -> None:
    with Sandbox() as sandbox:
        sandbox.add_fault("status", status=503, next=1)
        connect(sandbox, recorder.hooks).order(ORDER)
    assert recorder.names == ["request", "response", "retry", "wait", "request", "response"]
    retry, wait, again = recorder[2:5]
    assert isinstance(retry, RetryEvent)
    assert (retry.attempt, retry.error.status_code) == (1, 503)
    assert isinstance(wait, WaitEvent)
    assert (wait.attempt, wait.reason, again.attempt) == (2, "backoff", 2)
    assert 0 < wait.wait == retry.wait <= 0.5
    recorder.clear()
    with Sandbox() as sandbox:
        client = connect(sandbox, recorder.hooks, rate_limits=[(1, 0.3)])
        client.order(ORDER)
        client.order(ORDER)
    assert recorder.names == ["request", "response", "wait", "request", "response"]
    assert (recorder[2].reason, recorder[2].attempt) == ("rate-limit", 1)
    assert 0 < recorder[2].wait <= 0.31
    recorder.clear()
    throttled = b"HTTP/1.1 429 X\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
    hooks: EventHooks = {**recorder.hooks, "wait": [recorder.append, raise_error]}
    with faults.Server(throttled) as server:
        client = Client("key", base_url=server.base_url, event_hooks=hooks)
        with pytest.raises(HookError):
            client.order(ORDER)
    assert recorder.names == ["request", "response", "retry", "wait"]
    assert recorder[3].reason == "throttled"


def test_no_event_has_a_key_or_a_value(recorder: Recorder) -> None:
    values = b"Markerfirst Markerlast marker@example.com Marker 5 marker-key"
    body = b'{"errors":[{"code":"x","message":"%s"}]}' % values
    head = b"HTTP/1.1 503 No\r\nContent-Length: %d\r\n\r\n" % len(body)
    with faults.Server(head + body) as server:
        client = Client(
            "marker-key", base_url=server.base_url, max_retries=1, event_hooks=recorder.hooks
        )
        with pytest.raises(Exception, match="503"):
            client.update_contacts(ORDER, technical=MARKER)
    assert {"request", "response", "retry", "wait"} == set(recorder.names)
    text = f"{recorder!r} {[vars(event.error) for event in recorder if hasattr(event, 'error')]}"
    assert "marker" not in text.lower()
    for event in recorder:
        assert pickle.loads(pickle.dumps(event))[:4] == event[:4]  # noqa: S301 - our own


def test_no_event_has_the_text_of_a_search(sandbox: Sandbox, recorder: Recorder) -> None:
    next(connect(sandbox, recorder.hooks).orders(search="robin.leaver@example.com"))
    assert recorder[0].url == f"{sandbox.base_url}/order/certificate"
    assert "robin" not in repr(recorder)


def test_a_single_function_is_a_hook(sandbox: Sandbox) -> None:
    events: list[ResponseEvent] = []
    connect(sandbox, {"response": events.append}).order(ORDER)
    assert [event.status_code for event in events] == [200]


WRONG: dict[str, tuple[Any, type[Exception], str]] = {
    "another name": (
        {"before": [print]},
        ConfigurationError,
        "event_hooks: no event `before`; use `request`, `response`, `retry` or `wait`",
    ),
    "no dict": ([print], TypeError, "event_hooks must be a dict of lists of functions, not list"),
    "no functions": (
        {"wait": [1]},
        TypeError,
        "event_hooks: `wait` must be a list of functions, not int",
    ),
    "no list": (
        {"wait": None},
        TypeError,
        "event_hooks: `wait` must be a list of functions, not NoneType",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_hooks_are_an_error(name: str) -> None:
    hooks, error, message = WRONG[name]
    with pytest.raises(error) as caught:
        Client("key", event_hooks=hooks)
    assert str(caught.value) == message


def test_a_coroutine_function_is_an_error() -> None:
    async def hook(_: object) -> None: ...

    with pytest.raises(TypeError, match=r"`retry` must be plain functions, not `async def`"):
        AsyncClient("key", event_hooks={"retry": [hook]})


def test_a_request_hook_that_raises_prevents_the_request(
    sandbox: Sandbox, recorder: Recorder
) -> None:
    def never(_: RequestEvent) -> None:
        pytest.fail("not called after a hook that raised")

    hooks: EventHooks = {"request": [raise_error, never], "response": [recorder.append]}
    client = connect(sandbox, hooks)
    with pytest.raises(HookError) as caught:
        client.update_contacts(ORDER, technical=MARKER)
    cause = caught.value.__cause__
    assert isinstance(cause, CallCancelledError)
    assert (cause.outcome, cause.attempts) == ("not-sent", 0)
    assert sandbox.requests() == []
    # The request that was not sent has its end as well.
    assert [type(event.error) for event in recorder] == [CallCancelledError]
    client.close()


def test_a_response_hook_that_raises_says_that_the_update_was_done(sandbox: Sandbox) -> None:
    client = connect(sandbox, {"response": [raise_error]})
    with pytest.raises(HookError) as caught:
        client.update_contacts(ORDER, technical=MARKER)
    assert isinstance(caught.value.__cause__, CallCancelledError)
    assert caught.value.__cause__.outcome == "done"
    with pytest.raises(HookError) as caught:
        client.order(7)
    assert isinstance(caught.value.__cause__, OrderNotFoundError)
    assert [status for _, _, status in sandbox.requests()] == [204, 404]


@pytest.mark.parametrize("event", ["retry", "wait"])
def test_a_hook_that_raises_between_attempts_leaves_the_outcome_known(event: str) -> None:
    with Sandbox() as sandbox:
        sandbox.add_fault("close", next=1)
        client = connect(sandbox, {event: [raise_error]})  # type: ignore[misc]
        with pytest.raises(HookError) as caught:
            client.update_contacts(ORDER, technical=MARKER)
        assert isinstance(caught.value.__cause__, CallCancelledError)
        assert caught.value.__cause__.outcome == "unknown"
        assert len(sandbox.requests()) == 1
        # Later calls of the thread are not affected.
        Client(sandbox.api_key, base_url=sandbox.base_url).order(ORDER)


def test_listed_orders_are_not_lost_if_a_hook_raises(sandbox: Sandbox) -> None:
    answers = iter([HookError()])

    def hook(_: ResponseEvent) -> None:
        for error in answers:
            raise error

    orders = connect(sandbox, {"response": [hook]}).orders()
    with pytest.raises(HookError):
        next(orders)
    assert len(orders.list()) == 14


def test_a_list_that_a_hook_ended_is_not_taken_for_a_complete_one(sandbox: Sandbox) -> None:
    for read in (lambda orders: orders.list(), next):
        orders = connect(sandbox, {"request": [raise_error]}).orders()
        with pytest.raises(HookError):
            read(orders)
        with pytest.raises(CallCancelledError):
            orders.list()


def test_a_run_stops_with_the_exception_of_a_hook_and_can_be_resumed(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    puts: list[ResponseEvent] = []

    def stop_at_third(event: ResponseEvent) -> None:
        if event.method == "PUT":
            puts.append(event)
            if len(puts) == 3:
                raise HookError

    rows = [{"order_id": ORDER + n, "technical_contact": MARKER} for n in range(8)]
    client = connect(sandbox, {"response": [stop_at_third]})
    journal = tmp_path / "run.jsonl"
    plan = client.plan(rows)
    with pytest.raises(HookError):
        plan.apply(journal=journal)
    report = client.resume(journal)
    assert report.all_done
    paths = [path for method, path, _ in sandbox.requests() if method == "PUT"]
    assert len(set(paths)) == len(paths) == 8


def test_a_plan_stops_with_the_exception_of_a_hook(sandbox: Sandbox) -> None:
    client = connect(sandbox, {"request": [raise_error]})
    with pytest.raises(HookError):
        client.plan([{"order_id": ORDER, "technical_contact": MARKER}])
    with pytest.raises(HookError):
        client.find("marker@example.com")
    assert sandbox.requests() == []


VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("VARIABLE", default="unset")


@pytest.fixture
def is_set() -> Iterator[None]:
    token = VARIABLE.set("set")
    yield
    VARIABLE.reset(token)


@pytest.mark.usefixtures("is_set")
def test_hooks_run_in_the_thread_of_the_request_with_the_context_of_the_call(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    seen: list[tuple[str, bool]] = []

    def hook(_: object) -> None:
        seen.append((VARIABLE.get(), threading.current_thread() is threading.main_thread()))

    client = connect(sandbox, {"response": [hook]})
    client.order(ORDER)
    assert seen == [("set", True)]
    rows = [{"order_id": ORDER + n, "technical_contact": MARKER} for n in range(4)]
    plan = client.plan(rows)
    seen.clear()
    assert plan.apply(journal=tmp_path / "run.jsonl", concurrency=3).all_done
    assert set(seen) == {("set", False)}
    seen.clear()

    async def main() -> None:
        async with AsyncClient(
            sandbox.api_key, base_url=sandbox.base_url, event_hooks={"response": [hook]}
        ) as client:
            await client.order(ORDER)

    asyncio.run(main())
    assert seen == [("set", False)]


def test_an_interrupt_during_a_hook_is_raised(sandbox: Sandbox) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        connect(sandbox, {"request": [interrupt]}).order(ORDER)
    assert sandbox.requests() == []


def test_pairs_of_events_are_those_of_one_thread(sandbox: Sandbox) -> None:
    open_requests: dict[int, RequestEvent] = {}

    def start(event: RequestEvent) -> None:
        assert open_requests.setdefault(threading.get_ident(), event) is event

    def end(event: ResponseEvent) -> None:
        assert open_requests.pop(threading.get_ident()) == event[:4]

    client = connect(sandbox, {"request": [start], "response": [end]}, rate_limits=[])
    threads = [
        threading.Thread(target=lambda: [client.order(ORDER) for _ in range(10)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not open_requests
    assert len(sandbox.requests()) == 40
