"""A plan of a bulk change, and the report of its run."""

import os
import typing
from pathlib import Path

from digicert_contacts import _core, _frame, _html
from digicert_contacts._core import BulkPlan, Client
from digicert_contacts._frame import OrderFrames, Per, Table
from digicert_contacts._progress import ProgressOption, progress_callback
from digicert_contacts._records import (
    Estimate,
    NotRestorable,
    PlannedOrder,
    PlanSummary,
    Records,
    RecordSource,
    ReportedOrder,
    RunSummary,
)
from digicert_contacts._types import FilePath

if typing.TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from digicert_contacts._records import Failure
    from digicert_contacts._search import (
        BaseSearchResult,
        SearchResult,  # noqa: F401 - the argument of a base class
    )
    from digicert_contacts._types import RunOptions

__all__ = ["Plan", "Report"]

_S = typing.TypeVar("_S", bound="BaseSearchResult")


class BasePlan(OrderFrames, typing.Generic[_S]):
    """What ``Plan`` and ``AsyncPlan`` have in common."""

    def __init__(self, plan: BulkPlan, search: "_S | None" = None) -> None:
        """Wrap the plan of the Rust code."""
        self._plan = plan
        self._search = search

    @property
    def orders(self) -> Records[PlannedOrder]:
        """The orders, in the order of the source."""
        return Records(self._plan.orders)

    @property
    def summary(self) -> PlanSummary:
        """The number of orders in each state."""
        return self._plan.summary

    @property
    def not_restorable(self) -> tuple[NotRestorable, ...]:
        """What this plan of an undo does not restore.

        For any other plan, the values that it overwrites and that an undo may not restore, because
        they break a rule.
        """
        return self._plan.not_restorable

    @property
    def base_url(self) -> str:
        """The base URL that the plan was made for."""
        return self._plan.base_url

    @property
    def created(self) -> str:
        """The time when planning started, such as ``2026-01-31T12:00:00Z``."""
        return self._plan.created

    @property
    def digest(self) -> str:
        """The SHA-256 of the plan: plans with the same digest are identical."""
        return self._plan.digest

    @property
    def search(self) -> _S | None:
        """The search that found the contacts, if the plan replaces them."""
        return self._search

    def to_dicts(self) -> list[dict[str, typing.Any]]:
        """Return the orders as plain dicts and lists."""
        return self.orders.to_dicts()

    def estimate(self, **options: "Unpack[RunOptions]") -> Estimate:
        """Return how many requests ``apply`` takes with these options, and the shortest time.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> rows = [{"order_id": 100000001, "technical_contact": jane}]
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     plan = client.plan(rows)
        ...     plan.estimate()
        ...     plan.estimate(refresh=False, verify=False)
        Estimate(requests=3, seconds=0.0)
        Estimate(requests=1, seconds=0.0)

        """
        return Estimate(*self._plan.estimate(**options))

    def __repr__(self) -> str:
        """Show the number of orders in each state."""
        return f"<{self._title()}>"

    def _repr_html_(self) -> str:
        """Show the orders in a notebook, with the names of the changed fields, but no values."""
        return _html.plan(self._title(), self.orders)

    def _table(self, per: Per) -> Table:
        return _frame.orders(self.orders, ("state",), per)

    def _title(self) -> str:
        not_restorable = len(self.not_restorable)
        suffix = f"; {not_restorable} not restorable" if not_restorable else ""
        if self.search is not None and not self.search.all_done:
            not_searched = len(self.search.failed) + self.search.without_id
            suffix += f"; {not_searched} orders not searched"
        return f"{type(self).__name__}: {counts(self.summary)}{suffix}"

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be pickled."""
        message = "a Plan belongs to a client and cannot be pickled; use save() instead"
        raise TypeError(message)


class Plan(BasePlan["SearchResult"]):
    """The planned change of each order.

    ``Client.plan``, ``Client.replace``, ``Client.undo`` and ``Plan.load`` return it.

    A plan belongs to a client and cannot be pickled. Save it instead.
    """

    @classmethod
    def load(cls, client: Client, path: FilePath) -> "Self":
        """Load a plan that ``save`` or the command ``digicert-contacts plan`` wrote.

        ``apply`` reads each order before it changes it, and skips it if it was changed in the
        meantime.

        Raises:
            PlanFileError: the file is not a plan, or was edited after it was saved.
            AccountMismatchError: the plan has another base URL than the client.
            OSError: the file cannot be read.

        """
        return cls(_core.bulk_read_plan(client, os.fspath(path), Path(path).read_bytes()))

    def save(self, path: FilePath) -> None:
        """Write the plan to a new file that only its owner can read, since it contains contacts.

        Raises:
            FileExistsError: the file exists.
            OSError: the file cannot be written.

        """
        self._plan.write(os.fspath(path))

    def apply(
        self,
        *,
        journal: FilePath | None,
        progress: ProgressOption = None,
        **options: "Unpack[RunOptions]",
    ) -> "Report":
        """Send one request for each order that needs it, and verify it. A plan is applied once.

        Before and after each request, a line is written to the journal and synced to disk. After a
        crash, Ctrl-C or a rejected key, ``Client.resume`` finishes the run; ``Client.undo``
        restores the contacts from before the run. If ``progress`` or a signal handler raises, the
        run stops before the next request and the exception is raised again. The run also stops if
        the remaining requests would probably fail as well; ``Report.stopped`` is then the reason.

        Args:
            journal: a new file that only its owner can read, since it contains contacts. Without a
                journal (``None``), the run can neither be resumed nor undone.
            progress: called after each order; or a progress bar, see ``Client.plan``.
            **options: the options below.

        Options:
            limit: the maximum number of orders to send requests for; ``Client.resume`` does the
                rest.
            concurrency: the number of concurrent requests, by default 1, as DigiCert recommends.
            verify: read each changed order again and compare it with the update; by default
                ``True``. ``"sample:20"`` reads a random sample of 20 after all updates; if it has a
                mismatch, all are read. ``"report"`` asks the account's reports after all updates
                and reads the orders that they do not prove to be as sent. ``"all"`` and ``"none"``
                are ``True`` and ``False``.
            refresh: read each order immediately before its request, by default ``True``. A read by
                this process that is at most 30 seconds old counts. If a contact that the update
                names changed since the plan, the result is ``conflict`` and nothing is sent. With
                ``False``, such a change is overwritten.
            stop_after_failures: stop the run after this number of failed orders.
            send: a function that has another process change an order, such as a worker of a task
                queue; this client only reads. Its argument is the planned order as text, and it
                returns what ``Client.send_planned`` returned there. ``concurrency`` threads call
                it. If it raises ``RequestError``, the order has failed with an unknown outcome. Any
                other exception stops the run and is raised again; ``Client.resume`` finishes it.
                See ``Client.send_planned`` for an example.

        Raises:
            RuntimeError: the plan was already applied, or the client is closed.
            FileExistsError: the journal exists. Nothing was sent.
            OSError: the journal cannot be created. Nothing was sent. If it cannot be written later,
                the run stops and ``Report.stopped`` is the reason.

        """
        path = None if journal is None else os.fspath(journal)
        with progress_callback(progress, "changing orders") as callback:
            return Report(*self._plan.apply(path, callback, **options))


class Report(OrderFrames):
    """The result of each order of a run.

    ``Plan.apply``, ``Client.apply`` and ``Client.resume`` return it.

    Reports can be pickled and compared.
    """

    def __init__(
        self, summary: RunSummary, stopped: "Failure | None", orders: RecordSource[ReportedOrder]
    ) -> None:
        """Create a report from its parts."""
        self.summary: RunSummary = summary
        """The number of orders with each result."""
        self.stopped: Failure | None = stopped
        """The failure that stopped the run early, if there was one."""
        self.orders: Records[ReportedOrder] = Records(orders)
        """The orders, in the order of the plan."""

    @property
    def all_done(self) -> bool:
        """Whether every order has the planned contacts; if verification was requested, verified."""
        counts = self.summary
        unverified = counts.mismatch + counts.verify_failed
        return counts.changed + counts.unchanged == counts.orders and unverified == 0

    def to_dicts(self) -> list[dict[str, typing.Any]]:
        """Return the orders as plain dicts and lists."""
        return self.orders.to_dicts()

    def __eq__(self, other: object) -> bool:
        """Compare the reason and the orders."""
        if not isinstance(other, Report):
            return NotImplemented
        return (self.stopped, self.orders) == (other.stopped, other.orders)

    def __hash__(self) -> int:
        """Hash the reason and the orders."""
        return hash((self.stopped, self.orders))

    def __repr__(self) -> str:
        """Show the number of orders with each result."""
        return f"<{self._title()}>"

    def _repr_html_(self) -> str:
        """Show the orders in a notebook, with the names of the changed fields, but no values."""
        return _html.report(self._title(), self.orders)

    def _table(self, per: Per) -> Table:
        return _frame.orders(self.orders, ("result", "verification"), per)

    def _title(self) -> str:
        return f"Report: {counts(self.summary)}"


def counts(summary: PlanSummary | RunSummary) -> str:
    """Return the number of orders, and of those in each state or with each result."""
    numbers = summary._asdict()
    orders = numbers.pop("orders")
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in numbers.items() if count]
    return f"{orders} orders: {', '.join(parts)}" if parts else f"{orders} orders"
