"""What can go wrong. The Rust side raises these; no message holds a key or a contact's values."""

from collections import namedtuple

# As typing has it, whose import takes longer than all of this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, NamedTuple, TypeAlias

    Outcome: TypeAlias = Literal["not-sent", "rejected", "unknown", "done"]
    FailureKind: TypeAlias = Literal[
        "key-rejected",
        "rate-limited",
        "cancelled",
        "unavailable",
        "not-found",
        "journal",
        "other",
    ]

    class _Violation(NamedTuple):
        path: str
        code: str
        message: str

    class _ApiError(NamedTuple):
        code: str
        message: str

    class _Problem(NamedTuple):
        file: str | None
        line: int | None
        row: int | None
        column: str | None
        code: str
        message: str
        times: int
        where: tuple[int, ...]

    class _Failure(NamedTuple):
        kind: FailureKind
        outcome: Outcome
        codes: tuple[str, ...]
        message: str

else:
    # ruff: noqa: PYI024 - that is the point
    _Violation = namedtuple("_Violation", ("path", "code", "message"))
    _ApiError = namedtuple("_ApiError", ("code", "message"))
    _Problem = namedtuple(
        "_Problem", ("file", "line", "row", "column", "code", "message", "times", "where")
    )
    _Failure = namedtuple("_Failure", ("kind", "outcome", "codes", "message"))


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


class Problem(_Problem):
    """One mistake in a source of many orders; it never holds the value.

    The same mistake in one column of many rows is one problem, with the first of them.
    ``file`` and ``line`` (from 1) say where in a file, ``row`` (an index, from 0) where in an
    iterable or a frame; what does not apply is ``None``. ``column`` is the name of a column, or a
    path such as ``contacts[1].email``, or ``None`` where the mistake is not in one. ``code`` is the
    rule's stable name, ``message`` a sentence for people, ``times`` how often the mistake occurs,
    ``where`` the first lines or rows, at most 10.
    """

    __slots__ = ()


class Failure(_Failure):
    """Why a request of a plan or a run failed.

    ``kind`` is what it means for the other orders: ``key-rejected``, ``rate-limited``,
    ``cancelled``, ``unavailable``, ``not-found``, ``journal`` (it could not be written) or
    ``other``. ``outcome`` is what the request may have done: ``not-sent``, ``rejected`` or
    ``unknown``. ``codes`` are DigiCert's, ``message`` is a sentence for people.
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


class InputError(DigicertContactsError, ValueError):
    """A source of many orders can't be used; nothing was sent.

    The message names everything that is wrong, one line each.
    """

    problems: tuple[Problem, ...]
    """Everything that is wrong, in the order of the source."""

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = ()) -> None:
        """Make one with a sentence for people."""
        super().__init__(message)
        self.problems = problems


class PlanFileError(DigicertContactsError, ValueError):
    """A file is no plan, was changed after it was saved, or is of another version."""


class JournalError(DigicertContactsError, ValueError):
    """A file is no journal, is damaged, or is of another version."""


class OtherAccountError(DigicertContactsError, ValueError):
    """A plan or a journal is not of the client's address and key; nothing was sent."""


class PlanStoppedError(DigicertContactsError):
    """Planning broke off, since the other orders can't be expected to fare better.

    Nothing was changed. ``failure`` is what ended it.
    """

    failure: Failure

    def __init__(self, message: str, *, failure: Failure) -> None:
        """Make one with a sentence for people."""
        super().__init__(message)
        self.failure = failure

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle it."""
        return (_stopped, (str(self), self.failure))


def _stopped(message: str, failure: Failure) -> PlanStoppedError:
    return PlanStoppedError(message, failure=failure)


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
