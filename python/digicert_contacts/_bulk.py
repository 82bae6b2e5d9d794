"""``check``, and what the methods of ``Client`` for many orders do."""

import errno
import os
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import GeneratorType

from digicert_contacts import _core
from digicert_contacts._core import BulkSource, Client, Contact
from digicert_contacts._plan import Plan, Report
from digicert_contacts._progress import ProgressOption, progress_callback
from digicert_contacts._records import CheckSummary, ExportSummary
from digicert_contacts._search import SearchResult, as_contact, as_contacts
from digicert_contacts._types import ContactLike, FilePath

if typing.TYPE_CHECKING:
    from typing_extensions import Unpack

    from digicert_contacts._types import RunOptions

__all__ = ["check"]


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


def plan(  # noqa: PLR0913 - keywords
    client: Client,
    source: Source,
    *,
    state: FilePath | None = None,
    trim: bool = False,
    ignore_columns: Iterable[str] = (),
    progress: ProgressOption = None,
) -> Plan:
    """Implement ``Client.plan``."""
    bulk_source = _bulk_source(source, trim, ignore_columns)
    if state is not None:
        file = Path(state)
        content, created = file.read_bytes(), file.stat().st_mtime
        plan = _core.bulk_snapshot_plan(client, bulk_source, str(file), content, created)
        return Plan(plan)
    with progress_callback(progress, "reading orders") as callback:
        return Plan(_core.bulk_plan(client, bulk_source, callback))


def apply(  # noqa: PLR0913 - keywords
    client: Client,
    source: Source,
    *,
    journal: FilePath | None,
    trim: bool = False,
    ignore_columns: Iterable[str] = (),
    progress: ProgressOption = None,
    **options: "Unpack[RunOptions]",
) -> Report:
    """Implement ``Client.apply``."""
    plan = Plan(_core.bulk_unread_plan(client, _bulk_source(source, trim, ignore_columns)))
    return plan.apply(journal=journal, progress=progress, **options)


def resume(
    client: Client,
    journal: FilePath,
    *,
    other_key: bool = False,
    progress: ProgressOption = None,
    **options: "Unpack[RunOptions]",
) -> Report:
    """Implement ``Client.resume``."""
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
    """Implement ``Client.undo``."""
    name, content = os.fspath(journal), Path(journal).read_bytes()
    with progress_callback(progress, "reading orders") as callback:
        return Plan(_core.bulk_undo(client, name, content, other_key, callback))


def find(
    client: Client,
    *terms: str,
    contact_type: str | None = None,
    status: str | None = None,
    read_all: bool = False,
    progress: ProgressOption = None,
) -> SearchResult:
    """Implement ``Client.find``."""
    if not terms:
        message = "find() requires an e-mail address, a name or a domain"
        raise TypeError(message)
    with progress_callback(progress, "reading orders") as callback:
        search = _core.bulk_search(
            client,
            terms,
            callback,
            addresses_only=False,
            contact_type=contact_type,
            status=status,
            read_all=read_all,
        )
    return SearchResult(search)


def replace(  # noqa: PLR0913 - keywords
    client: Client,
    leaver: str | Mapping[str, ContactLike],
    successor: ContactLike | None = None,
    *,
    contact_type: str | None = None,
    status: str | None = None,
    read_all: bool = False,
    progress: ProgressOption = None,
) -> Plan:
    """Implement ``Client.replace``."""
    successors = _successors(leaver, successor)
    with progress_callback(progress, "reading orders") as callback:
        search = _core.bulk_search(
            client,
            tuple(successors),
            callback,
            addresses_only=True,
            contact_type=contact_type,
            status=status,
            read_all=read_all,
        )
    return Plan(search.plan(list(successors.values())), SearchResult(search))


def export(  # noqa: PLR0913 - keywords
    client: Client,
    path: FilePath,
    *,
    contact: str | None = None,
    status: str | None = None,
    technical_only: bool = False,
    progress: ProgressOption = None,
) -> ExportSummary:
    """Implement ``Client.export``."""
    name = os.fspath(path)
    if os.path.lexists(name):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
    with progress_callback(progress, "reading orders") as callback:
        return _core.bulk_export(
            client, name, callback, contact=contact, status=status, technical_only=technical_only
        )


def _successors(leaver: object, successor: ContactLike | None) -> dict[str, Contact]:
    if isinstance(leaver, str) and successor is not None:
        return {leaver: as_contact(successor)}
    if isinstance(leaver, Mapping) and successor is None:
        leavers = typing.cast("Mapping[str, ContactLike]", leaver)
        successors = as_contacts(leavers)
        addresses = {address.strip().lower() for address in successors}
        for address, contact in successors.items():
            if contact.email.lower() in addresses - {address.strip().lower()}:
                message = "a successor is in the mapping as a leaver too; name who replaces both"
                raise ValueError(message)
        return successors
    message = "replace() requires an e-mail address and a successor, or a mapping of both"
    raise TypeError(message)


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
