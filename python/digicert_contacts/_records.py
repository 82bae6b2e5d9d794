"""The records of errors, plans and reports, which pickle and compare as Python tuples."""

import operator
import typing
from collections.abc import Iterator, Sequence

from digicert_contacts._core import OrderContact

__all__ = [
    "ApiError",
    "CheckSummary",
    "Estimate",
    "ExportSummary",
    "FailedOrder",
    "Failure",
    "FieldChange",
    "FieldConflict",
    "FoundContact",
    "NotRestorable",
    "PlanSummary",
    "PlannedOrder",
    "Problem",
    "Progress",
    "Records",
    "ReportedOrder",
    "RequestInfo",
    "RunSummary",
    "SourceUse",
    "Violation",
]

_T = typing.TypeVar("_T")
_T_co = typing.TypeVar("_T_co", covariant=True)

Outcome: typing.TypeAlias = typing.Literal["not-sent", "rejected", "unknown", "done"]
FailureKind: typing.TypeAlias = typing.Literal[
    "key-rejected", "rate-limited", "cancelled", "unavailable", "not-found", "journal", "other"
]


class Violation(typing.NamedTuple):
    """A rule that a contact or an update violates. It never contains the value.

    ``path`` is the field, such as ``email`` or ``contacts[1].email``; ``code`` is the rule's stable
    name, such as ``too-long``; ``message`` describes the violation.
    """

    path: str
    code: str
    message: str


class ApiError(typing.NamedTuple):
    """One error in a response of the API; a part that the response omits is empty.

    ``code`` is DigiCert's code, such as ``not_found|order``; ``message`` is DigiCert's message.
    """

    code: str
    message: str


class RequestInfo(typing.NamedTuple):
    """The request that failed, without anything secret or personal.

    ``method`` is the HTTP method, such as ``PUT``; ``url`` is the URL without the query, which can
    contain the text of a search. The headers and the body are not part of it.
    """

    method: str
    url: str


class Problem(typing.NamedTuple):
    """A problem in the input of a bulk change. It never contains the value.

    The same problem in one column of many rows is reported once, at its first position. In a file,
    the position is ``file`` and ``line`` (from 1); in an iterable or a frame, it is ``row`` (an
    index, from 0); parts that do not apply are ``None``. ``column`` is the name of a column, a path
    such as ``contacts[1].email``, or ``None`` if the problem is not in a column. ``code`` is the
    rule's stable name, ``message`` describes the problem, ``times`` is the number of occurrences,
    and ``positions`` are the first lines or rows, at most 10.
    """

    file: str | None
    line: int | None
    row: int | None
    column: str | None
    code: str
    message: str
    times: int
    positions: tuple[int, ...]


class Failure(typing.NamedTuple):
    """The failure of a request of a plan or a run.

    ``kind`` classifies it: ``key-rejected``, ``rate-limited``, ``cancelled``, ``unavailable``,
    ``not-found``, ``journal`` (the journal could not be written) or ``other``. ``outcome`` is
    ``not-sent``, ``rejected`` or ``unknown``. ``codes`` are DigiCert's codes, ``message`` describes
    the failure.
    """

    kind: FailureKind
    outcome: Outcome
    codes: tuple[str, ...]
    message: str


class FieldChange(typing.NamedTuple):
    """One field of a contact, before and after an update.

    Its ``repr`` shows no values.
    """

    contact_type: str
    """``technical_contact`` or ``organization_contact``."""
    field: str
    """Its name in the API, such as ``first_name``."""
    state: typing.Literal["same", "changes", "kept", "not-readable"]
    """``kept``: the update omits the field, so the order keeps its value. ``not-readable``: the
    order's value is unknown, as always for ``language_id``."""
    before: str | None
    """The order's value; ``None`` if it has none."""
    after: str
    """The value after the update."""

    def __repr__(self) -> str:
        """Show no values."""
        return f"<FieldChange {self.contact_type}.{self.field} {self.state}>"


class FieldConflict(typing.NamedTuple):
    """A field that changed between the plan and the update. Its ``repr`` shows no values."""

    contact_type: str
    """``technical_contact`` or ``organization_contact``."""
    field: str
    """Its name in the API, such as ``first_name``."""
    planned: str | None
    """The order's value in the plan; ``None`` if it had none."""
    now: str | None
    """The order's value now; ``None`` if it has none."""
    wanted: str | None
    """The value of the update; ``None`` if the update keeps the order's value."""

    def __repr__(self) -> str:
        """Show no values."""
        return f"<FieldConflict {self.contact_type}.{self.field}>"


class PlannedOrder(typing.NamedTuple):
    """One order of a plan."""

    order_id: int
    """The id of the order."""
    common_name: str | None
    """The common name of its certificate, if the order was read."""
    status: str | None
    """Its status, such as ``issued``, if the order was read."""
    lines: tuple[int, ...]
    """The lines of the source that name the order, from 1. A row of an iterable is a line."""
    state: typing.Literal["changes", "unchanged", "blocked", "read-failed", "unread"]
    """``changes``: a request is needed. ``blocked``: DigiCert would reject the request. ``unread``:
    the run reads the order first."""
    changes: tuple[FieldChange, ...]
    """The fields, if a request is needed."""
    blocked: str | None
    """The reason why it is blocked."""
    failure: Failure | None
    """The reason why it could not be read."""


class ReportedOrder(typing.NamedTuple):
    """One order of a report, with its result."""

    order_id: int
    """The id of the order."""
    common_name: str | None
    """The common name of its certificate, if the order was read."""
    status: str | None
    """Its status before the run, such as ``issued``, if the order was read."""
    lines: tuple[int, ...]
    """The lines of the source that name the order, from 1. A row of an iterable is a line."""
    result: typing.Literal[
        "unchanged", "blocked", "read-failed", "conflict", "changed", "failed", "skipped"
    ]
    """``conflict``: a contact that the update names changed since the plan; nothing was sent."""
    changes: tuple[FieldChange, ...]
    """The planned changes."""
    blocked: str | None
    """The reason why it was blocked."""
    failure: Failure | None
    """The reason why it failed; its ``outcome`` says whether the order may have been changed."""
    verification: (
        typing.Literal[
            "verified", "verified-by-report", "verified-without-answer", "mismatch", "failed"
        ]
        | None
    )
    """The result of verifying a changed order; ``None`` if that was not requested."""
    differences: tuple[FieldChange, ...]
    """After a ``mismatch``, the fields that differ from the update."""
    conflicts: tuple[FieldConflict, ...]
    """After a ``conflict``, the fields that are no longer as planned."""


class FoundContact(typing.NamedTuple):
    """A contact that a search found, with its order. Its ``repr`` shows no values."""

    order_id: int
    """The id of the order."""
    contact_type: str
    """``technical_contact`` or ``organization_contact``."""
    contact: OrderContact
    """The contact, as it was read."""
    common_name: str | None
    """The common name of the certificate of the order."""
    status: str | None
    """The status of the order, such as ``issued``."""
    product: str | None
    """The name of the product of the order."""

    def __repr__(self) -> str:
        """Show no values."""
        return f"<FoundContact {self.order_id} {self.contact_type}>"


class FailedOrder(typing.NamedTuple):
    """An order that could not be read."""

    order_id: int
    """The id of the order."""
    failure: Failure
    """The reason."""


class SourceUse(typing.NamedTuple):
    """A source that a search asked before it read orders."""

    source: typing.Literal["order-list", "order-report", "reports-query", "list-search"]
    """The list of orders decides which orders exist. The order report names the technical contacts,
    the reports query the e-mail addresses of the organization contacts. The search of the list adds
    orders that they do not name."""
    asked: str
    """When it was asked, such as ``2026-01-31T12:00:00Z``."""
    state: typing.Literal["used", "missing", "failed", "unusable", "contradicted"]
    """``missing``: the account does not have it. ``failed``: see ``failure``. ``unusable``: its
    form is unexpected. ``contradicted``: it differs from an order that was read, so it was not
    used."""
    orders: int
    """The number of orders that it covers; for the search of the list, that it found."""
    failure: Failure | None
    """The reason why it could not be fetched."""


class ExportSummary(typing.NamedTuple):
    """The size of an exported file, and what is missing in it."""

    orders: int
    """The number of orders that were read."""
    contacts: int
    """The number of contacts, each of which is a row."""
    incomplete: int
    """The number of contacts with a field that cannot be read. Its cell is empty."""
    failed: tuple[FailedOrder, ...]
    """The orders that could not be read, so their contacts are missing."""
    without_id: int
    """The number of listed orders without a readable id, whose contacts are missing."""

    @property
    def all_done(self) -> bool:
        """Whether no order is missing."""
        return not self.failed and not self.without_id


class Estimate(typing.NamedTuple):
    """What a run takes at most, without retries."""

    requests: int
    """The number of requests."""
    seconds: float
    """The shortest time in which the rate limit permits them."""


class PlanSummary(typing.NamedTuple):
    """The number of orders in each state; ``orders`` is the total."""

    orders: int
    changes: int
    unchanged: int
    blocked: int
    read_failed: int
    unread: int


class RunSummary(typing.NamedTuple):
    """The number of orders with each result.

    ``orders`` = ``unchanged`` + ``blocked`` + ``read_failed`` + ``conflict`` + ``changed`` +
    ``failed`` + ``skipped``. ``changed`` includes ``verified``, ``mismatch`` and ``verify_failed``
    (could not be read again). ``verified`` includes ``verified_by_report``, the orders that were
    not read because the account's reports show them as sent. ``sampled`` is the size of a random
    sample, or 0.
    ``failed`` includes ``unknown``, which may have been applied.
    """

    orders: int
    unchanged: int
    blocked: int
    read_failed: int
    conflict: int
    changed: int
    verified: int
    verified_by_report: int
    mismatch: int
    verify_failed: int
    sampled: int
    failed: int
    unknown: int
    skipped: int


class NotRestorable(typing.NamedTuple):
    """A value that an undo cannot restore, or may not be able to."""

    order_id: int
    """The id of the order."""
    contact_type: str | None
    """The type of the contact; ``None`` for both contacts."""
    field: str | None
    """The field; ``None`` for the whole contact."""
    reason: typing.Literal[
        "contact-was-added",
        "field-was-empty",
        "not-readable",
        "breaks-rule",
        "may-be-rejected",
        "changed-since",
    ]
    """The reason."""
    rule: str | None
    """The code of the rule that the previous value breaks, if that is the reason."""


class CheckSummary(typing.NamedTuple):
    """The size of a source without problems."""

    orders: int
    """The number of orders."""
    contacts: int
    """The number of contacts."""


class Progress(typing.NamedTuple):
    """The progress of a plan, a run, a search or an export, after each order."""

    done: int
    """The number of orders that were read or processed."""
    total: int
    """The number of orders to read or process; during a search, it can grow."""
    failed: int
    """The number of orders that could not be read or changed."""
    order_id: int
    """The order that was processed last."""
    result: str
    """A ``PlannedOrder.state`` while planning, a ``ReportedOrder.result`` during a run, and
    ``read`` or ``read-failed`` during a search or an export."""


class RecordSource(typing.Protocol[_T_co]):
    """A tuple, or the orders of the Rust code."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> _T_co: ...


class Records(Sequence[_T]):
    """The orders of a plan or a report, or the contacts of a search.

    A record is built when it is accessed, to save memory.

    Like a tuple, it can be indexed, sliced, hashed, compared and pickled.
    """

    __slots__ = ("_indexes", "_source")

    def __init__(self, source: RecordSource[_T], indexes: range | None = None) -> None:
        """Create the sequence of the records with these indexes, by default of all."""
        self._source = source
        self._indexes = range(len(source)) if indexes is None else indexes

    @typing.overload
    def __getitem__(self, index: int) -> _T: ...
    @typing.overload
    def __getitem__(self, index: slice) -> "Records[_T]": ...
    def __getitem__(self, index: int | slice) -> "_T | Records[_T]":
        """Return a record or a slice."""
        if isinstance(index, slice):
            return Records(self._source, self._indexes[index])
        return self._source[self._indexes[index]]

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self._indexes)

    def __iter__(self) -> Iterator[_T]:
        """Iterate over the records."""
        return map(self._source.__getitem__, self._indexes)

    def __eq__(self, other: object) -> bool:
        """Compare the records."""
        if not isinstance(other, Records):
            return NotImplemented
        others = typing.cast("Records[object]", other)
        return len(self) == len(others) and all(map(operator.eq, self, others))

    def __hash__(self) -> int:
        """Hash the records."""
        return hash(tuple(self))

    def __reduce__(self) -> str | tuple[object, ...]:
        """Pickle the records themselves."""
        return Records, (tuple(self),)

    def __repr__(self) -> str:
        """Show the number of records."""
        return f"<Records: {len(self)}>"

    def to_dicts(self) -> list[dict[str, typing.Any]]:
        """Return the records as plain dicts and lists."""
        return [_plain(record) for record in self]


def _plain(value: object) -> typing.Any:  # noqa: ANN401 - whatever a record contains
    if isinstance(value, OrderContact):
        return value.to_dict()
    if not isinstance(value, tuple):
        return value
    items = typing.cast("tuple[object, ...]", value)
    names: tuple[str, ...] | None = getattr(items, "_fields", None)
    plain = [_plain(item) for item in items]
    return plain if names is None else dict(zip(names, plain, strict=True))
