"""Many orders: check, plan, apply, resume, undo."""

import os
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path

from digicert_contacts import _core
from digicert_contacts._bars import Callback, telling
from digicert_contacts._core import BulkSource, Client
from digicert_contacts._plan import FilePath, Plan, Report, RunSettings
from digicert_contacts._results import Checked


class ArrowStream(typing.Protocol):
    """Anything with the Arrow PyCapsule interface: a frame of polars or pandas, a pyarrow table."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the data."""
        ...


Source: typing.TypeAlias = FilePath | Iterable[Mapping[str, object]] | ArrowStream


def check(source: Source, *, trim: bool = False) -> Checked:
    """Find everything that is wrong with a source of many orders; nothing is sent.

    A source is a path, an iterable of dicts, or a frame.

    - A file is CSV or JSON lines, as docs/cli.md describes them.
    - A dict is a row of such a CSV (``order_id``, ``contact_type``, ``first_name``, ...), where
      ``None``, ``""`` and NaN are empty cells, or an object of such JSON lines (``order_id`` and
      ``contacts``, ``technical_contact`` or ``organization_contact``, which may be a ``Contact``).

    The two contacts of an order become one request. A field that is left out keeps its value.

    Args:
        source: what is wanted of each order. An iterator is used up.
        trim: drop white space around the cells of CSV; otherwise it is a mistake.

    Raises:
        InputError: with everything that is wrong.
        TypeError: a value is of a type that JSON does not have, or what is given is no source.
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


def plan(client: Client, source: Source, *, trim: bool = False, progress: Callback = None) -> Plan:
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
            be read for a reason of its own is ``read-failed`` in the plan.
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
    journal: FilePath,
    *,
    other_key: bool = False,
    progress: Callback = None,
    limit: int | None = None,
    concurrency: int = 1,
    verify: bool = True,
    check_again: bool = False,
    stop_after_failures: int | None = None,
) -> Report:
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
    settings = RunSettings(limit, concurrency, verify, check_again, stop_after_failures)
    path = os.fspath(journal)
    with telling(progress, "changing orders") as told:
        return Report(*_core.bulk_resume(client, path, other_key, settings, told))


def undo(
    client: Client,
    journal: FilePath,
    *,
    other_key: bool = False,
    progress: Callback = None,
) -> Plan:
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


def _read(source: object, *, trim: bool) -> BulkSource:
    found = type(source).__name__
    if isinstance(source, (str, os.PathLike)):
        path = Path(typing.cast("FilePath", source))
        return BulkSource.file(str(path), path.read_bytes(), trim)
    if hasattr(source, "__arrow_c_stream__"):
        return BulkSource.frame(typing.cast("ArrowStream", source))
    if isinstance(source, (Mapping, bytes, bytearray)) or not isinstance(source, Iterable):
        message = f"a source is a path, an iterable of dicts or a frame, not {found}"
        raise TypeError(message)
    return BulkSource.rows(typing.cast("Iterable[Mapping[str, object]]", source))
