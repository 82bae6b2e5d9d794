"""Bulk changes: check, plan, resume and undo."""

import os
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import GeneratorType

from digicert_contacts import _core
from digicert_contacts._core import BulkSource, Client
from digicert_contacts._plan import Plan, Report
from digicert_contacts._progress import ProgressOption, progress_callback
from digicert_contacts._records import CheckSummary
from digicert_contacts._types import FilePath

if typing.TYPE_CHECKING:
    from typing_extensions import Unpack

    from digicert_contacts._types import RunOptions

__all__ = ["check", "plan", "resume", "undo"]


class ArrowStream(typing.Protocol):
    """An object with the Arrow PyCapsule interface: a polars or pandas frame, a pyarrow table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the data."""
        ...


Source: typing.TypeAlias = FilePath | Iterable[Mapping[str, object]] | ArrowStream


def check(
    source: Source, *, trim: bool = False, ignore_columns: Iterable[str] = ()
) -> CheckSummary:
    """Validate a source of contacts for many orders, without sending a request.

    A source is a path, an iterable of dicts, or a frame.

    - A file is CSV or JSON Lines, as docs/cli.md describes.
    - A dict is either a row of such a CSV file (``order_id``, ``contact_type``, ``first_name``,
      ...), in which ``None``, ``""`` and NaN are empty cells, or an object of such a JSON Lines
      file (``order_id`` and ``contacts``, ``technical_contact`` or ``organization_contact``, whose
      value can be a ``Contact``).

    The two contacts of an order become one request. The order keeps the value of an omitted field.

    An iterable or a frame without rows is valid: there is nothing to change. A file without rows is
    not, because it may be incomplete.

    Args:
        source: the contacts of each order. An iterator is consumed, so pass a list to check and
            plan the same rows.
        trim: remove what carries no value from the cells of a CSV file, a row or a frame: white
            space and invisible characters at the ends, the apostrophe or formula that marks a text
            in a spreadsheet, a ``#`` before an order id. By default, each is a problem.
        ignore_columns: the names of columns to ignore, in a CSV file, a row or a frame.

    Raises:
        InputError: the source is not valid; lists every problem.
        TypeError: a value has a type that JSON does not have, or ``source`` is not a source.
        ValueError: ``source`` is a generator that was already consumed.
        OSError: the file cannot be read.

    >>> import digicert_contacts
    >>> row = {"order_id": 100000001, "contact_type": "technical_contact", "email": "jane@"}
    >>> try:
    ...     digicert_contacts.check([row])
    ... except digicert_contacts.InputError as error:
    ...     print([(problem.row, problem.column, problem.code) for problem in error.problems])
    [(0, 'first_name', 'required'), (0, 'last_name', 'required'), (0, 'email', 'email-format')]

    """
    return CheckSummary(*_core.bulk_check(_bulk_source(source, trim, ignore_columns)))


def plan(
    client: Client,
    source: Source,
    *,
    trim: bool = False,
    ignore_columns: Iterable[str] = (),
    progress: ProgressOption = None,
) -> Plan:
    """Read every order that a source names and compare it with the source. Nothing is changed.

    A source without rows is an empty plan without a request. Its run does nothing.

    Args:
        client: the client that reads the orders; ``Plan.apply`` uses it as well.
        source: see ``check``.
        trim: see ``check``.
        ignore_columns: see ``check``.
        progress: a callable that is called after each order. If it raises, planning stops.
            ``"tqdm"`` or ``"rich"`` shows a progress bar of that package, which must be installed.

    Raises:
        InputError: the source is not valid; lists every problem. No order was read.
        PlanStoppedError: reading the remaining orders would probably fail as well: the key was
            rejected, the rate limit is exhausted, or the server was unavailable for 3 orders in a
            row. An order that cannot be read for another reason is ``read-failed`` in the plan.
        TypeError, ValueError: see ``check``.
        OSError: the file cannot be read.

    >>> import digicert_contacts
    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    >>> rows = [{"order_id": 100000001, "contact_type": "technical_contact", **jane}]
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     digicert_contacts.plan(client, rows).summary.changes
    1

    """
    bulk_source = _bulk_source(source, trim, ignore_columns)
    with progress_callback(progress, "reading orders") as callback:
        return Plan(_core.bulk_plan(client, bulk_source, callback))


def resume(
    client: Client,
    journal: FilePath,
    *,
    other_key: bool = False,
    progress: ProgressOption = None,
    **options: "Unpack[RunOptions]",
) -> Report:
    """Resume a run that was interrupted, stopped or limited, from its journal.

    Finished orders are not changed again; one that is not verified yet is read once. A request that
    was started, but whose outcome is unknown, is sent again: it sets absolute values, so the
    contacts are right afterwards; whether DigiCert then sends e-mail twice is not known. An order
    is also retried if the failure was not specific to the order, such as a rejected key.

    Args:
        client: a client with the base URL and the API key of the run.
        journal: the journal of the run.
        other_key: accept a client with another key of the same account.
        progress: see ``Plan.apply``.
        **options: see ``Plan.apply``.

    Raises:
        JournalError: the file is not a journal, or is damaged. Nothing was sent.
        AccountMismatchError: the run had another base URL or key. Nothing was sent.
        OSError: the file cannot be read or written, or another run uses it.

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
    path = os.fspath(journal)
    with progress_callback(progress, "changing orders") as callback:
        return Report(*_core.bulk_resume(client, path, other_key, callback, **options))


def undo(
    client: Client,
    journal: FilePath,
    *,
    other_key: bool = False,
    progress: ProgressOption = None,
) -> Plan:
    """Plan to restore the contacts from before a run. Nothing is changed until the plan is applied.

    Every order that the run changed, or may have changed, is read. ``Plan.not_restorable`` lists
    what cannot be restored.

    Args:
        client: a client with the base URL and the API key of the run.
        journal: the journal of the run.
        other_key: accept a client with another key of the same account.
        progress: see ``plan``.

    Raises:
        JournalError: the file is not a journal, or is damaged.
        AccountMismatchError: the run had another base URL or key.
        PlanStoppedError: see ``plan``.
        OSError: the file cannot be read.

    >>> import digicert_contacts, tempfile
    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    >>> rows = [{"order_id": 100000001, "technical_contact": jane}]
    >>> with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
    ...     client = Client(sandbox.api_key, base_url=sandbox.base_url)
    ...     journal = f"{folder}/run.jsonl"
    ...     _ = digicert_contacts.plan(client, rows).apply(journal=journal)
    ...     _ = digicert_contacts.undo(client, journal).apply(journal=f"{folder}/undo.jsonl")
    ...     contact = client.order(100000001).technical_contact
    ...     print(contact.first_name if contact else None)
    Robin

    """
    name, content = os.fspath(journal), Path(journal).read_bytes()
    with progress_callback(progress, "reading orders") as callback:
        return Plan(_core.bulk_undo(client, name, content, other_key, callback))


def _bulk_source(source: object, trim: bool, ignore_columns: Iterable[str]) -> BulkSource:  # noqa: FBT001
    if isinstance(ignore_columns, str):
        message = "ignore_columns must be an iterable of names, not a str"
        raise TypeError(message)
    ignored = list(ignore_columns)
    found = type(source).__name__
    if isinstance(source, (str, os.PathLike)):
        path = Path(typing.cast("FilePath", source))
        return BulkSource.file(str(path), path.read_bytes(), trim, ignored)
    if hasattr(source, "__arrow_c_stream__"):
        return BulkSource.frame(typing.cast("ArrowStream", source), trim, ignored)
    if isinstance(source, (Mapping, bytes, bytearray)) or not isinstance(source, Iterable):
        message = f"source must be a path, an iterable of dicts or a frame, not {found}"
        raise TypeError(message)
    if isinstance(source, GeneratorType) and source.gi_frame is None:
        message = "the generator was already consumed; pass a list to read its rows twice"
        raise ValueError(message)
    return BulkSource.rows(typing.cast("Iterable[Mapping[str, object]]", source), trim, ignored)
