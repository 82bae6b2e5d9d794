"""The exceptions that Rust code raises. No message contains a key or a contact's values."""

__all__ = [
    "AccountMismatchError",
    "AuthenticationError",
    "CallCancelledError",
    "ConfigurationError",
    "ConnectionFailedError",
    "DigicertContactsError",
    "ExportStoppedError",
    "InputError",
    "JournalError",
    "NoOrderReportError",
    "OrderNotFoundError",
    "PermissionDeniedError",
    "PlanFileError",
    "PlanStoppedError",
    "RateLimitError",
    "RequestError",
    "RequestTimeoutError",
    "RunCancelledError",
    "SearchStoppedError",
    "TlsError",
    "ValidationError",
]

# `typing.TYPE_CHECKING`, without importing `typing`, which takes longer than this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from digicert_contacts._plan import Report
    from digicert_contacts._records import (
        ApiError,
        Failure,
        Outcome,
        Problem,
        RequestInfo,
        Violation,
    )


class DigicertContactsError(Exception):
    """The base class of every exception of this package."""


class ConfigurationError(DigicertContactsError, ValueError):
    """A setting of a client is missing or not valid, such as the API key or the base URL."""


class ValidationError(DigicertContactsError, ValueError):
    """A contact, an update or an order id violates a rule. Nothing was sent.

    The message lists every violation, one on each line.
    """

    violations: "tuple[Violation, ...]"
    """Every violation, in field order; empty if the input was not JSON."""

    def __init__(self, message: str, *, violations: "tuple[Violation, ...]" = ()) -> None:
        """Create the exception with its message."""
        super().__init__(message)
        self.violations = violations


class InputError(DigicertContactsError, ValueError):
    """The input of a bulk change is not valid. Nothing was sent.

    The message lists every problem, one on each line.
    """

    problems: "tuple[Problem, ...]"
    """Every problem, in the order of the source."""

    def __init__(self, message: str, *, problems: "tuple[Problem, ...]" = ()) -> None:
        """Create the exception with its message."""
        super().__init__(message)
        self.problems = problems


class PlanFileError(DigicertContactsError, ValueError):
    """A file is not a plan, was edited after it was saved, or has an unsupported version."""


class JournalError(DigicertContactsError, ValueError):
    """A file is not a journal, is damaged, or has an unsupported version."""


class AccountMismatchError(DigicertContactsError, ValueError):
    """A plan or a journal belongs to another base URL or API key. Nothing was sent."""


class _StoppedError(DigicertContactsError):
    failure: "Failure"
    """The failure that stopped it."""

    def __init__(self, message: str, *, failure: "Failure") -> None:
        """Create the exception with its message."""
        super().__init__(message)
        self.failure = failure

    def __reduce__(self) -> tuple[object, ...]:
        """Support pickling, although the keyword is required."""
        return (_stopped_error, (type(self), str(self), self.failure))


def _stopped_error(cls: type[_StoppedError], message: str, failure: "Failure") -> _StoppedError:
    return cls(message, failure=failure)


class RunCancelledError(DigicertContactsError):
    """A run of an ``AsyncClient`` was cancelled with its task.

    It is the ``__cause__`` of the ``asyncio.CancelledError``. The requests under way ended, no
    further one was sent, and the journal is complete: ``AsyncClient.resume`` finishes the run.
    """

    report: "Report"
    """The result of each order. An order whose request was under way has its own result; one that
    was not reached is ``skipped``. ``report.stopped`` is ``None`` if the run had already ended."""
    journal: str | None
    """The path of the journal, or ``None`` if the run has none."""

    def __init__(self, message: str, *, report: "Report", journal: str | None) -> None:
        """Create the exception with its message."""
        super().__init__(message)
        self.report = report
        self.journal = journal

    def __reduce__(self) -> tuple[object, ...]:
        """Support pickling, although the keywords are required."""
        return (_run_cancelled_error, (str(self), self.report, self.journal))


def _run_cancelled_error(message: str, report: "Report", journal: str | None) -> RunCancelledError:
    return RunCancelledError(message, report=report, journal=journal)


class PlanStoppedError(_StoppedError):
    """Planning stopped, because reading the remaining orders would probably fail as well.

    Nothing was changed. ``failure`` is the reason.
    """


class SearchStoppedError(_StoppedError):
    """A search stopped: the orders cannot be listed, or reading more would probably fail as well.

    Nothing was changed. ``failure`` is the reason.
    """


class ExportStoppedError(_StoppedError):
    """An export stopped: the orders cannot be listed, or reading more would probably fail as well.

    The same call resumes it. ``failure`` is the reason.
    """


class RequestError(DigicertContactsError):
    """A request failed.

    It pickles and copies with its attributes.

    >>> from digicert_contacts import Client, RequestError
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     try:
    ...         client.order(7)
    ...     except RequestError as error:
    ...         print(error.status_code, error.codes, error.outcome, error.retry_after)
    ...         assert error.request is not None
    ...         print(error.request.method, error.request.url.removeprefix(sandbox.base_url))
    404 ('not_found|order',) rejected None
    GET /order/certificate/7
    """

    status_code: int | None
    """The HTTP status, if the server responded with an error."""
    errors: "tuple[ApiError, ...]"
    """DigiCert's codes and messages, if the response contains any."""
    outcome: "Outcome"
    """Whether the request may have changed the order: ``not-sent``, ``rejected`` or ``unknown``.

    After ``unknown``, the order may have been changed. Sending the same update again results in the
    same contacts; whether DigiCert then sends e-mail twice is not known. A call that only
    reads is ``not-sent`` or ``rejected``. ``CallCancelledError`` can also be ``done``: the call
    succeeded before it was cancelled.
    """
    attempts: int
    """The number of requests that were sent; a minimum if the outcome is ``done``."""
    retry_after: float | None
    """The seconds to wait before a retry, if the server or the rate limit requires a wait."""
    request: "RequestInfo | None"
    """The method and the URL of the request; only a ``CallCancelledError`` may have none."""

    def __init__(  # noqa: PLR0913 - keywords
        self,
        message: str,
        *,
        status_code: int | None = None,
        errors: "tuple[ApiError, ...]" = (),
        outcome: "Outcome" = "unknown",
        attempts: int = 1,
        retry_after: float | None = None,
        request: "RequestInfo | None" = None,
    ) -> None:
        """Create the exception with its message."""
        super().__init__(message)
        self.status_code = status_code
        self.errors = errors
        self.outcome = outcome
        self.attempts = attempts
        self.retry_after = retry_after
        self.request = request

    @property
    def codes(self) -> tuple[str, ...]:
        """DigiCert's codes, such as ``not_found|order``, if the response contains any."""
        return tuple(error.code for error in self.errors if error.code)


class AuthenticationError(RequestError):
    """The API key was not accepted (401, or 403 with ``access_denied_invalid_key``)."""


class PermissionDeniedError(RequestError):
    """The API key was accepted, but does not permit the request (403)."""


class OrderNotFoundError(RequestError):
    """The order is not in this account (404 with ``not_found|order``)."""


class RateLimitError(RequestError):
    """Too many requests with this key (429)."""


class NoOrderReportError(RequestError):
    """The account has no order report. List the orders and read each one instead."""


class ConnectionFailedError(RequestError):
    """The server or the proxy could not be reached, or a timeout expired.

    ``outcome`` is ``not-sent`` unless it is a ``RequestTimeoutError``.
    """


class RequestTimeoutError(ConnectionFailedError):
    """The request timed out.

    ``outcome`` is ``not-sent`` if it timed out while connecting. Otherwise an update may have
    changed the order, and its outcome is ``unknown``.
    """


class TlsError(RequestError):
    """The TLS handshake failed, or the server's certificate is not trusted."""


class CallCancelledError(RequestError):
    """A call was cancelled, with its task, or because a hook or a signal handler raised.

    It is the ``__cause__`` of the ``asyncio.CancelledError`` or of the other exception. Its
    ``outcome`` says whether the call may have changed the order.
    """
