"""A plan for many orders, and the report of its run."""

import json
import os
import typing
from collections.abc import Iterable
from pathlib import Path

from digicert_contacts import _core, _html
from digicert_contacts._bars import Callback, telling
from digicert_contacts._core import BulkPlan, Client
from digicert_contacts._results import (
    Left,
    OrderResult,
    PlannedOrder,
    PlanSummary,
    Records,
    ReportSummary,
    failure,
    order_result,
    planned_order,
)

if typing.TYPE_CHECKING:
    from typing_extensions import Self

    from digicert_contacts._exceptions import Failure

FilePath: typing.TypeAlias = str | os.PathLike[str]


class RunSettings(typing.NamedTuple):
    """What a run is told, as the Rust side takes it."""

    limit: int | None
    concurrency: int
    verify: bool
    check_again: bool
    stop_after_failures: int | None


class Plan:
    """What would change on each order; ``plan``, ``undo`` and ``Plan.load`` make it.

    It belongs to a client, so it does not pickle: save it instead.
    """

    def __init__(self, made: BulkPlan) -> None:
        """Wrap what the Rust side made."""
        self._made = made
        self._orders: Records[PlannedOrder] | None = None

    @classmethod
    def load(cls, client: Client, path: FilePath) -> "Self":
        """Read a plan that ``save``, or the command, wrote.

        Orders of a plan that is older than an hour are read again before they are changed, and
        left alone where somebody changed them since.

        Raises:
            PlanFileError: it is no plan, or was changed since it was saved.
            OtherAccountError: it was made for another address than the client's.
            OSError: the file can't be read.

        """
        name, told = os.fspath(path), Path(path).read_bytes()
        return cls(_core.bulk_read_plan(client, name, told))

    def save(self, path: FilePath) -> None:
        """Write it into a new file, for its owner alone: it holds contacts.

        Raises:
            FileExistsError: something of this name is there.
            OSError: the file can't be written.

        """
        self._made.write(os.fspath(path))

    @property
    def orders(self) -> Records[PlannedOrder]:
        """What was found out about each order, in the order of the source."""
        if self._orders is None:
            self._orders = Records(tuple(self._made.orders()), planned_order)
        return self._orders

    @property
    def summary(self) -> PlanSummary:
        """How many orders are in which state."""
        return PlanSummary(**json.loads(self._made.summary()))

    @property
    def left(self) -> tuple[Left, ...]:
        """What an undo leaves as the run left it; empty for other plans."""
        told: list[dict[str, typing.Any]] = json.loads(self._made.left())
        return tuple(Left(int(left.pop("order_id")), **left) for left in told)

    @property
    def base_url(self) -> str:
        """The address that it was made for."""
        return self._made.base_url

    @property
    def created(self) -> str:
        """When its reading was begun, such as ``2026-01-31T12:00:00Z``."""
        return self._made.created

    @property
    def digest(self) -> str:
        """A SHA-256 over everything in it: plans with the same digest are the same plan."""
        return self._made.digest

    def to_dicts(self) -> list[dict[str, typing.Any]]:
        """Give the orders as plain dicts and lists."""
        return self.orders.to_dicts()

    def apply(  # noqa: PLR0913 - keywords
        self,
        *,
        journal: FilePath | None,
        progress: Callback = None,
        limit: int | None = None,
        concurrency: int = 1,
        verify: bool = True,
        check_again: bool = False,
        stop_after_failures: int | None = None,
    ) -> "Report":
        """Send one request for each order that needs it, and read it back. A plan is applied once.

        Before each request and after it a line is written to the journal, on disk before the next
        step is taken. After a crash, Ctrl-C or a refused key, ``resume`` finishes the run; ``undo``
        puts back what it found. What ``progress`` or a handler of a signal raises ends the run
        before its next request, and is raised again. A run ends by itself where the other orders
        can't be expected to fare better; ``Report.stopped`` then tells why.

        Args:
            journal: a new file, for its owner alone: it holds contacts. ``None`` keeps nothing, so
                that the run can't be gone on with or undone.
            progress: called with each order that came to its end; or a bar, as in ``plan``.
            limit: send requests for so many orders at most; ``resume`` does the rest.
            concurrency: how many orders are worked on at once. DigiCert asks for one.
            verify: read each changed order again, and compare it with what was sent.
            check_again: read each order before its request, and leave alone what somebody changed
                since the plan was made; always so for a plan that is older than an hour.
            stop_after_failures: end once so many orders failed.

        Raises:
            RuntimeError: the plan was applied before, or the client was closed.
            FileExistsError: the journal is there already; nothing was sent.
            OSError: the journal can't be created; nothing was sent. One that can't be written
                later ends the run, and ``Report.stopped`` tells so.

        """
        settings = RunSettings(limit, concurrency, verify, check_again, stop_after_failures)
        path = None if journal is None else os.fspath(journal)
        with telling(progress, "changing orders") as told:
            return Report(*self._made.apply(path, settings, told))

    def __repr__(self) -> str:
        """Show how many orders are in which state."""
        return f"<Plan: {self._told()}>"

    def _repr_html_(self) -> str:
        """Show the orders in a notebook, with the names of the fields that change, not values."""
        return _html.plan(f"Plan: {self._told()}", self.orders)

    def _told(self) -> str:
        left = len(self.left)
        return _counted(self.summary) + (f"; {left} that can't go back" if left else "")

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be pickled."""
        message = "a Plan belongs to a client and can't be pickled; save() it instead"
        raise TypeError(message)


class Report:
    """What became of each order of a run; ``Plan.apply`` and ``resume`` make it.

    It pickles, and compares by what it holds.
    """

    def __init__(self, summary: str, stopped: str | None, orders: Iterable[str]) -> None:
        """Make one of the JSON of its parts."""
        self.summary: ReportSummary = ReportSummary(**json.loads(summary))
        """How many orders came to which end."""
        self.stopped: Failure | None = failure(json.loads(stopped)) if stopped else None
        """What ended the run early, if anything did."""
        self.orders: Records[OrderResult] = Records(tuple(orders), order_result)
        """What became of each order, in the order of the plan."""

    @property
    def all_done(self) -> bool:
        """Whether every order is as it was wanted; those that were read back, also by that."""
        counts = self.summary
        odd = counts.mismatch + counts.verify_failed
        return counts.changed + counts.unchanged == counts.orders and odd == 0

    def to_dicts(self) -> list[dict[str, typing.Any]]:
        """Give the orders as plain dicts and lists."""
        return self.orders.to_dicts()

    def __eq__(self, other: object) -> bool:
        """Compare what they hold."""
        if not isinstance(other, Report):
            return NotImplemented
        return (self.stopped, self.orders) == (other.stopped, other.orders)

    def __hash__(self) -> int:
        """Hash what it holds."""
        return hash((self.stopped, self.orders))

    def __repr__(self) -> str:
        """Show how many orders came to which end."""
        return f"<Report: {_counted(self.summary)}>"

    def _repr_html_(self) -> str:
        """Show the orders in a notebook, with the names of the fields that changed, not values."""
        return _html.report(f"Report: {_counted(self.summary)}", self.orders)


def _counted(summary: PlanSummary | ReportSummary) -> str:
    named = summary._asdict()
    orders = named.pop("orders")
    shown = [f"{count} {name.replace('_', ' ')}" for name, count in named.items() if count]
    return f"{orders} orders: {', '.join(shown)}" if shown else f"{orders} orders"
