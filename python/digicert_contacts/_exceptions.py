"""What can go wrong. The Rust side raises these; no message holds a key or a contact's values."""

from collections import namedtuple

# As typing has it, whose import takes longer than all of this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, NamedTuple, TypeAlias

    Outcome: TypeAlias = Literal["not-sent", "rejected", "unknown", "done"]

    class _Violation(NamedTuple):
        path: str
        code: str
        message: str

    class _ApiError(NamedTuple):
        code: str
        message: str

else:
    # ruff: noqa: PYI024 - that is the point
    _Violation = namedtuple("_Violation", ("path", "code", "message"))
    _ApiError = namedtuple("_ApiError", ("code", "message"))


class Violation(_Violation):
    """One thing that is wrong with a contact or an update; it never holds the value.

    ``path`` says where, such as ``email`` or ``contacts[1].email``; ``code`` is the rule's stable
    name, such as ``too-long``; ``message`` is a sentence for people.
    """

    __slots__ = ()


class ApiError(_ApiError):
    """One error of the API's answer, each part empty where there was none.

    ``code`` is DigiCert's, such as ``not_found|order``; ``message`` is DigiCert's sentence.
    """

    __slots__ = ()


class DigicertContactsError(Exception):
    """The base of every exception of this package."""


class ConfigurationError(DigicertContactsError, ValueError):
    """A client can't be made: no API key, one that can't be a key, or a wrong address."""


class ValidationError(DigicertContactsError, ValueError):
    """A contact, an update or an order id breaks a rule; nothing was sent.

    The message names everything that is wrong, one line each.
    """

    violations: tuple[Violation, ...]
    """Everything that is wrong, in field order; empty where the input was no JSON."""

    def __init__(self, message: str, *, violations: tuple[Violation, ...] = ()) -> None:
        """Make one with a sentence for people."""
        super().__init__(message)
        self.violations = violations


class RequestError(DigicertContactsError):
    """A request failed."""

    status_code: int | None
    """The HTTP status, if the server answered with an error."""
    errors: tuple[ApiError, ...]
    """DigiCert's codes and messages, if the answer held any."""
    outcome: "Outcome"
    """What it may have done to the order: ``not-sent``, ``rejected`` or ``unknown``.

    After ``unknown`` the order may have been changed. Sending the same update again leads to the
    same contacts; whether DigiCert then sends e-mail twice is not known. A call that only reads
    changes nothing: ``not-sent`` or ``rejected``. ``CallCancelledError`` also knows ``done``: the
    call had succeeded by then.
    """
    attempts: int
    """How many requests were sent; at least so many, where the outcome is ``done``."""
    retry_after: float | None
    """How many seconds to wait before trying again, if the server or the rate limit said so."""

    def __init__(  # noqa: PLR0913 - keywords
        self,
        message: str,
        *,
        status_code: int | None = None,
        errors: tuple[ApiError, ...] = (),
        outcome: "Outcome" = "unknown",
        attempts: int = 1,
        retry_after: float | None = None,
    ) -> None:
        """Make one with a sentence for people."""
        super().__init__(message)
        self.status_code = status_code
        self.errors = errors
        self.outcome = outcome
        self.attempts = attempts
        self.retry_after = retry_after


class AuthenticationError(RequestError):
    """The API key was refused, or does not permit the request (401 or 403)."""


class OrderNotFoundError(RequestError):
    """The order is not in this account (404 with ``not_found|order``)."""


class RateLimitError(RequestError):
    """Too many requests with this key (429)."""


class NoOrderReportError(RequestError):
    """The account has no order report: list the orders and read each instead."""


class ConnectionFailedError(RequestError):
    """The server could not be reached; nothing was sent."""


class RequestTimeoutError(RequestError):
    """A time limit of the client ran out."""


class TlsError(RequestError):
    """The server could not prove who it is, or no encrypted connection came about."""


class CallCancelledError(RequestError):
    """A call of an ``AsyncClient`` was cancelled.

    It is the ``__cause__`` of the ``asyncio.CancelledError``, and tells by its ``outcome`` what the
    call had done by then.
    """
