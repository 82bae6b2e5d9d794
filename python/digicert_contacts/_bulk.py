"""Many orders: check, plan, apply, resume, undo."""

import json
import os
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path

from digicert_contacts import _core, _html
from digicert_contacts._bars import Callback, telling
from digicert_contacts._core import BulkPlan, BulkSource, Client
from digicert_contacts._results import (
    Checked,
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

_Path: typing.TypeAlias = str | os.PathLike[str]


class ArrowStream(typing.Protocol):
    """Anything with the Arrow PyCapsule interface: a frame of polars or pandas, a pyarrow table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the data."""
        ...


Source: typing.TypeAlias = _Path | Iterable[Mapping[str, object]] | ArrowStream


class _Settings(typing.NamedTuple):
    limit: int | None
    concurrency: int
    read_back: bool
    check_again: bool
    stop_after_failures: int | None


def check(source: Source, *, trim: bool = False) -> Checked:
    """Find everything that is wrong with a source of many orders; nothing is sent.

    A source is a path, an iterable of dicts, or a frame.

    - A file is CSV or JSON lines, as docs/cli.md describes them.
    - A dict is a row of such a CSV (``order_id``, ``contact_type``, ``first_name``, ...), where
      ``None`` and ``""`` are empty cells, or an object of such JSON lines (``order_id`` and
      ``contacts``, ``technical_contact`` or ``organization_contact``, which may be a ``Contact``).

    The two contacts of an order become one request. A field that is left out keeps its value.

    Args:
        source: what is wanted of each order. An iterator is used up.
        trim: drop white space around the cells of CSV; otherwise it is a mistake.

    Raises:
        InputError: with everything that is wrong.
        TypeError: a value is of a type that JSON does not have.
        OSError: the file can't be read.

    >>> import digicert_contacts
    >>> row = {"order_id": 100000001, "contact_type": "technical_contact", "email": "jane@"}
    >>> try:
    ...     digicert_contacts.check([row])
    ... except digicert_contacts.InputError as error:
    ...     print([(problem.row, problem.column, problem.code) for problem in error.problems])
    [(0, 'first_name', 'required'), (0, 'last_name', 'required'), (0, 'email', 'email-format')]

    """
    return Checked(*_core.bulk_check(_read(source, trim=trim)))


def plan(
    client: Client, source: Source, *, trim: bool = False, progress: Callback = None
) -> "Plan":
    """Read every order that a source names, and find out what would change; nothing is changed.

    Args:
        client: whose orders they are; it is also what ``Plan.apply`` uses.
        source: see ``check``.
        trim: see ``check``.
        progress: called with each order that was read. What it raises ends the planning.
            ``"tqdm"`` or ``"rich"`` shows a bar of that package, which has to be installed.

    Raises:
        InputError: with everything that is wrong with the source; nothing was read.
        PlanStoppedError: the other orders can't be expected to fare better: the key was refused,
            the rate limit is used up, or 3 orders in a row met server trouble. An order that can't
            be read for a reason of its own is ``not-read`` in the plan.
        TypeError: a value is of a type that JSON does not have.
        OSError: the file can't be read.

    >>> import digicert_contacts
    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    >>> rows = [{"order_id": 100000001, "contact_type": "technical_contact", **jane}]
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     digicert_contacts.plan(client, rows).summary.changes
    1

    """
    wanted = _read(source, trim=trim)
    with telling(progress, "reading orders") as told:
        return Plan(_core.bulk_plan(client, wanted, told))


def resume(  # noqa: PLR0913 - keywords
    client: Client,
    journal: _Path,
    *,
    other_key: bool = False,
    progress: Callback = None,
    limit: int | None = None,
    concurrency: int = 1,
    read_back: bool = True,
    check_again: bool = False,
    stop_after_failures: int | None = None,
) -> "Report":
    """Go on with a run that was killed, stopped or limited; its journal is all that is needed.

    Orders that came to their end get no request. Those whose request was begun while nobody knows
    how it ended get it again: it sets absolute values, so their contacts come out right; whether
    DigiCert then sends e-mail twice is not known. Those that failed for a reason that is not their
    own, such as a refused key, are tried again.

    Args:
        client: of the address and with the key of the run.
        journal: the file.
        other_key: the client has another key of the same account.
        progress: as in ``Plan.apply``.
        limit: as in ``Plan.apply``.
        concurrency: as in ``Plan.apply``.
        read_back: as in ``Plan.apply``.
        check_again: as in ``Plan.apply``.
        stop_after_failures: as in ``Plan.apply``.

    Raises:
        JournalError: the file is no journal, or damaged; nothing was sent.
        OtherAccountError: it is of another address or key; nothing was sent.
        OSError: the file can't be read or written, or another run uses it.

    >>> import digicert_contacts, tempfile
    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    >>> rows = [{"order_id": id, "technical_contact": jane} for id in (100000001, 100000002)]
    >>> with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
    ...     client = Client(sandbox.api_key, base_url=sandbox.base_url)
    ...     journal = f"{folder}/run.jsonl"
    ...     plan = digicert_contacts.plan(client, rows)
    ...     print(plan.apply(journal=journal, limit=1).summary.changed)
    ...     print(digicert_contacts.resume(client, journal).summary.changed)
    1
    2

    """
    settings = _Settings(limit, concurrency, read_back, check_again, stop_after_failures)
    path = os.fspath(journal)
    with telling(progress, "changing orders") as told:
        return Report(*_core.bulk_resume(client, path, other_key, settings, told))


def undo(
    client: Client,
    journal: _Path,
    *,
    other_key: bool = False,
    progress: Callback = None,
) -> "Plan":
    """Plan to put back what a run found; nothing is changed until the plan is applied.

    Every order that the run changed, or may have changed, is read. What can't be put back stands
    in ``Plan.left``.

    Args:
        client: of the address and with the key of the run.
        journal: the run's.
        other_key: the client has another key of the same account.
        progress: called with each order that was read; or a bar, as in ``plan``.

    Raises:
        JournalError: the file is no journal, or damaged.
        OtherAccountError: it is of another address or key.
        PlanStoppedError: as ``plan`` has it.
        OSError: the file can't be read.

    >>> import digicert_contacts, tempfile
    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    >>> rows = [{"order_id": 100000001, "technical_contact": jane}]
    >>> with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
    ...     client = Client(sandbox.api_key, base_url=sandbox.base_url)
    ...     journal = f"{folder}/run.jsonl"
    ...     _ = digicert_contacts.plan(client, rows).apply(journal=journal)
    ...     _ = digicert_contacts.undo(client, journal).apply(journal=f"{folder}/back.jsonl")
    ...     client.order(100000001).technical_contact.first_name
    'Robin'

    """
    name, content = os.fspath(journal), Path(journal).read_bytes()
    with telling(progress, "reading orders") as told:
        return Plan(_core.bulk_undo(client, name, content, other_key, told))


class Plan:
    """What would change on each order; ``plan``, ``undo`` and ``Plan.load`` make it.

    It belongs to a client, so it does not pickle: save it instead.
    """

    def __init__(self, made: BulkPlan) -> None:
        """Wrap what the Rust side made."""
        self._made = made
        self._orders: Records[PlannedOrder] | None = None

    @classmethod
    def load(cls, client: Client, path: _Path) -> "Self":
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

    def save(self, path: _Path) -> None:
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
        journal: _Path | None,
        progress: Callback = None,
        limit: int | None = None,
        concurrency: int = 1,
        read_back: bool = True,
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
            read_back: read each changed order again, and compare it with what was sent.
            check_again: read each order before its request, and leave alone what somebody changed
                since the plan was made; always so for a plan that is older than an hour.
            stop_after_failures: end once so many orders failed.

        Raises:
            RuntimeError: the plan was applied before, or the client was closed.
            FileExistsError: the journal is there already; nothing was sent.
            OSError: the journal can't be created; nothing was sent. One that can't be written
                later ends the run, and ``Report.stopped`` tells so.

        """
        settings = _Settings(limit, concurrency, read_back, check_again, stop_after_failures)
        path = None if journal is None else os.fspath(journal)
        with telling(progress, "changing orders") as told:
            return Report(*self._made.apply(path, settings, told))

    def __repr__(self) -> str:
        """Show how many orders are in which state."""
        return f"<Plan: {_counted(self.summary)}>"

    def _repr_html_(self) -> str:
        """Show the orders in a notebook, with the names of the fields that change, not values."""
        return _html.plan(f"Plan: {_counted(self.summary)}", self.orders)

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
        odd = counts.differing + counts.unconfirmed
        return counts.changed + counts.already_right == counts.orders and odd == 0

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


def _read(source: object, *, trim: bool) -> BulkSource:
    found = type(source).__name__
    if isinstance(source, (str, os.PathLike)):
        path = Path(typing.cast("_Path", source))
        return BulkSource.file(str(path), path.read_bytes(), trim)
    if hasattr(source, "__arrow_c_stream__"):
        return BulkSource.frame(typing.cast("ArrowStream", source))
    if isinstance(source, (Mapping, bytes, bytearray)) or not isinstance(source, Iterable):
        message = f"a source is a path, an iterable of dicts or a frame, not {found}"
        raise TypeError(message)
    return BulkSource.rows(typing.cast("Iterable[Mapping[str, object]]", source))


def _counted(summary: PlanSummary | ReportSummary) -> str:
    named = summary._asdict()
    orders = named.pop("orders")
    shown = [f"{count} {name.replace('_', ' ')}" for name, count in named.items() if count]
    return f"{orders} orders: {', '.join(shown)}" if shown else f"{orders} orders"
