"""What plans and runs tell. Records are Python's own, so that they pickle and compare."""

import json
import typing
from collections.abc import Iterator, Sequence

from digicert_contacts._exceptions import Failure

_T = typing.TypeVar("_T")


class FieldChange(typing.NamedTuple):
    """One field of a contact that a request names, or that the order keeps.

    Its ``repr`` shows no values.
    """

    contact_type: str
    """``technical_contact`` or ``organization_contact``."""
    field: str
    """Its name in the API, such as ``first_name``."""
    state: typing.Literal["same", "changes", "kept", "not-readable"]
    """``kept`` is a field that the update leaves out; ``not-readable`` one whose value before
    nobody can tell, such as ``language_id``."""
    before: str | None
    """The order's value; ``None`` where it has none."""
    after: str
    """The wanted value."""

    def __repr__(self) -> str:
        """Show no values."""
        return f"<FieldChange {self.contact_type}.{self.field} {self.state}>"


class PlannedOrder(typing.NamedTuple):
    """What a plan found out about one order."""

    order_id: int
    """The order."""
    common_name: str | None
    """The first name in its certificate, if it was read."""
    status: str | None
    """Its status, such as ``issued``, if it was read."""
    lines: tuple[int, ...]
    """The lines of the source that ask for it, from 1; rows of an iterable count as lines."""
    state: typing.Literal["changes", "unchanged", "blocked", "read-failed"]
    """What was found out. ``blocked``: the request would be refused, so nothing is sent."""
    changes: tuple[FieldChange, ...]
    """The fields, where a request is needed."""
    blocked: str | None
    """Why it is blocked."""
    failure: Failure | None
    """Why it could not be read."""


class OrderResult(typing.NamedTuple):
    """What became of one order."""

    order_id: int
    """The order."""
    common_name: str | None
    """The first name in its certificate, if it was read."""
    status: str | None
    """Its status before, such as ``issued``, if it was read."""
    lines: tuple[int, ...]
    """The lines of the source that ask for it, from 1; rows of an iterable count as lines."""
    result: typing.Literal[
        "unchanged", "blocked", "read-failed", "conflict", "changed", "failed", "skipped"
    ]
    """``conflict``: somebody else had changed it since the plan was made, nothing was sent."""
    changes: tuple[FieldChange, ...]
    """The fields that the plan wanted to change."""
    blocked: str | None
    """Why it was blocked."""
    failure: Failure | None
    """What went wrong; its ``outcome`` tells whether the order may have been changed."""
    verification: typing.Literal["verified", "mismatch", "failed"] | None
    """What reading a changed order again told; ``None`` where it was not asked for."""
    differences: tuple[FieldChange, ...]
    """Where it was read back otherwise: what still differs."""


class PlanSummary(typing.NamedTuple):
    """How many orders are in which state; all but the first add up to ``orders``."""

    orders: int
    changes: int
    unchanged: int
    blocked: int
    read_failed: int


class ReportSummary(typing.NamedTuple):
    """How many orders came to which end.

    ``orders`` = ``unchanged`` + ``blocked`` + ``read_failed`` + ``conflict`` + ``changed`` +
    ``failed`` + ``skipped``. Of those changed: ``verified``, ``mismatch`` and ``verify_failed``
    (could not be read back). Of those failed: ``unknown``, which may have been applied.
    """

    orders: int
    unchanged: int
    blocked: int
    read_failed: int
    conflict: int
    changed: int
    verified: int
    mismatch: int
    verify_failed: int
    failed: int
    unknown: int
    skipped: int


class Left(typing.NamedTuple):
    """Something that an undo leaves as the run left it."""

    order_id: int
    """The order."""
    contact_type: str | None
    """Which of its contacts; ``None`` for both."""
    field: str | None
    """Which field; ``None`` for the whole contact."""
    reason: typing.Literal[
        "contact-was-added", "field-was-empty", "not-readable", "not-a-contact", "changed-since"
    ]
    """Why."""


class Checked(typing.NamedTuple):
    """What a source without a problem names."""

    orders: int
    """How many orders."""
    contacts: int
    """How many contacts."""


class Progress(typing.NamedTuple):
    """How far a plan or a run is, after an order came to its end."""

    done: int
    """How many orders were read or worked on."""
    total: int
    """How many there are to do."""
    failed: int
    """How many of those done could not be read or changed."""
    order_id: int
    """The order that came to its end."""
    result: str
    """A ``PlannedOrder.state`` while planning, an ``OrderResult.result`` during a run."""


class Records(Sequence[_T]):
    """Orders of a plan or a report; each is made of its JSON when it is looked at.

    So fifty thousand take no more memory than their text. It indexes, slices, pickles and compares
    as a tuple does.
    """

    __slots__ = ("_lines", "_make")

    def __init__(
        self, lines: tuple[str, ...], make: typing.Callable[[dict[str, typing.Any]], _T]
    ) -> None:
        """Make one of lines of JSON."""
        self._lines = lines
        self._make = make

    @typing.overload
    def __getitem__(self, index: int) -> _T: ...
    @typing.overload
    def __getitem__(self, index: slice) -> "Records[_T]": ...
    def __getitem__(self, index: int | slice) -> "_T | Records[_T]":
        """Give one, or a part."""
        if isinstance(index, slice):
            return Records(self._lines[index], self._make)
        return self._make(_told(self._lines[index]))

    def __len__(self) -> int:
        """Count them."""
        return len(self._lines)

    def __iter__(self) -> Iterator[_T]:
        """Give each."""
        return (self._make(_told(line)) for line in self._lines)

    def __eq__(self, other: object) -> bool:
        """Compare what they hold."""
        if not isinstance(other, Records):
            return NotImplemented
        return self._lines == other._lines

    def __hash__(self) -> int:
        """Hash what they hold."""
        return hash(self._lines)

    def __repr__(self) -> str:
        """Show how many there are."""
        return f"<Records of {len(self)} orders>"

    def to_dicts(self) -> list[dict[str, typing.Any]]:
        """Give each as plain dicts and lists, with the names that the objects have."""
        return [_told(line) for line in self._lines]


def planned_order(told: dict[str, typing.Any]) -> PlannedOrder:
    """Make one of its JSON."""
    return PlannedOrder(**_typed(told))


def order_result(told: dict[str, typing.Any]) -> OrderResult:
    """Make one of its JSON."""
    return OrderResult(**_typed(told))


def failure(told: dict[str, typing.Any]) -> Failure:
    """Make one of its JSON."""
    return Failure(told["kind"], told["outcome"], tuple(told["codes"]), told["message"])


def _told(line: str) -> dict[str, typing.Any]:
    told: dict[str, typing.Any] = json.loads(line)
    told["order_id"] = int(told["order_id"])
    return told


def _typed(told: dict[str, typing.Any]) -> dict[str, typing.Any]:
    typed = {**told, "lines": tuple(told["lines"])}
    for name in ("changes", "differences"):
        if name in told:
            typed[name] = tuple(FieldChange(**change) for change in told[name])
    if told["failure"] is not None:
        typed["failure"] = failure(told["failure"])
    return typed
