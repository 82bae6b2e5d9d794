"""The events that the hooks of a client get, which pickle and compare as Python tuples."""

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digicert_contacts._exceptions import RequestError

__all__ = ["EventHooks", "RequestEvent", "ResponseEvent", "RetryEvent", "WaitEvent"]


class RequestEvent(typing.NamedTuple):
    """A request is sent next."""

    method: str
    """The method of the request, such as ``PUT``."""
    url: str
    """The URL of the request, without its query."""
    order_id: int | None
    """The id of the order; ``None`` if the request is not for a single order."""
    attempt: int
    """The number of the attempt to send this request in its call, from 1. The reads between the
    attempts of an update have numbers of their own."""


class ResponseEvent(typing.NamedTuple):
    """A request ended, with or without a response."""

    method: str
    """As in the ``RequestEvent``."""
    url: str
    """As in the ``RequestEvent``."""
    order_id: int | None
    """As in the ``RequestEvent``."""
    attempt: int
    """As in the ``RequestEvent``."""
    status_code: int | None
    """The HTTP status; ``None`` without a response."""
    elapsed: float
    """The seconds from sending the request to the end of the response; for an order report, to its
    start."""
    error: "RequestError | None"
    """Why this request failed. A ``CallCancelledError`` if a ``request`` hook raised, so that
    nothing was sent."""


class RetryEvent(typing.NamedTuple):
    """A request failed and will be sent again."""

    method: str
    """As in the ``RequestEvent`` of the request that failed."""
    url: str
    """As in the ``RequestEvent``."""
    order_id: int | None
    """As in the ``RequestEvent``."""
    attempt: int
    """As in the ``RequestEvent``."""
    wait: float
    """The seconds before the next attempt, without the wait for the rate limit."""
    error: "RequestError"
    """Why the request failed."""


class WaitEvent(typing.NamedTuple):
    """A call starts to wait. A wait that turns out to take a second or longer is reported again."""

    method: str
    """The method of the request that waits."""
    url: str
    """Its URL, without its query."""
    order_id: int | None
    """The id of its order; ``None`` if it is not for a single order."""
    attempt: int
    """The number of the next attempt."""
    wait: float
    """The seconds, as far as they are known. The calls of other threads can make it longer."""
    reason: typing.Literal["rate-limit", "throttled", "backoff"]
    """``throttled``: the pause after a 429, which another call may have got. ``backoff``: before a
    retry."""


class EventHooks(typing.TypedDict, total=False):
    """The argument ``event_hooks`` of ``Client``: functions for each event."""

    request: "Iterable[Callable[[RequestEvent], object]] | Callable[[RequestEvent], object]"
    response: "Iterable[Callable[[ResponseEvent], object]] | Callable[[ResponseEvent], object]"
    retry: "Iterable[Callable[[RetryEvent], object]] | Callable[[RetryEvent], object]"
    wait: "Iterable[Callable[[WaitEvent], object]] | Callable[[WaitEvent], object]"
