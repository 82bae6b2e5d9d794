"""Plans, reports and search results as frames of pandas, polars and pyarrow, which are optional."""

import importlib
import typing
from collections.abc import Iterable, Sequence

from digicert_contacts._records import FieldChange, FoundContact, PlannedOrder, ReportedOrder

if typing.TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Per: typing.TypeAlias = typing.Literal["order", "field"]

_ORDER = ("order_id", "common_name", "status")
_REASON = ("changed_fields", "blocked", "failure", "failure_kind", "failure_outcome")
_CHANGE = ("contact_type", "field", "change", "before", "after")
# Those that a row of a source has.
_CONTACT = ("first_name", "last_name", "email", "job_title", "telephone")


class Table:
    """Named columns: integers in ``order_id``, texts or ``None`` in the others."""

    def __init__(self, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Create the columns of the rows."""
        cells = list(zip(*rows, strict=True)) or [()] * len(names)
        self.columns: dict[str, list[object]] = dict(zip(names, map(list, cells), strict=True))

    def to_pandas(self) -> "pd.DataFrame":
        """Return a frame of pandas."""
        pandas = _package("pandas")
        series = {
            name: pandas.Series(cells, dtype="int64" if name == "order_id" else "string")
            for name, cells in self.columns.items()
        }
        frame: pd.DataFrame = pandas.DataFrame(series)
        return frame

    def to_polars(self) -> "pl.DataFrame":
        """Return a frame of polars."""
        polars = _package("polars")
        types = self._types(polars.Int64, polars.String)
        frame: pl.DataFrame = polars.DataFrame(self.columns, schema=types)
        return frame

    def to_arrow(self) -> typing.Any:  # noqa: ANN401 - pyarrow has no types
        """Return a table of pyarrow."""
        pyarrow = _package("pyarrow")
        types = self._types(pyarrow.int64(), pyarrow.string())
        return pyarrow.table(self.columns, schema=pyarrow.schema(types))

    def _types(self, integer: object, text: object) -> dict[str, object]:
        return {name: integer if name == "order_id" else text for name in self.columns}


def contacts(found: Iterable[FoundContact]) -> Table:
    """Return a row for each contact, with the columns of an export."""
    rows = (
        (
            contact.order_id,
            contact.contact_type,
            *(getattr(contact.contact, name) for name in _CONTACT),
            contact.common_name,
            contact.status,
            contact.product,
        )
        for contact in found
    )
    return Table(("order_id", "contact_type", *_CONTACT, "common_name", "status", "product"), rows)


def orders(
    records: Iterable[PlannedOrder | ReportedOrder], results: Sequence[str], per: Per
) -> Table:
    """Return a row for each order or field; ``results`` are columns of a plan or of a report."""
    names = (*_ORDER, *results)
    if per == "order":
        rows = ((*_values(order, names), *_reason(order)) for order in records)
        return Table((*names, *_REASON), rows)
    if per == "field":
        rows = ((*_values(order, names), *change) for order in records for change in order.changes)
        return Table((*names, *_CHANGE), rows)
    message = "per must be 'order' or 'field'"
    raise ValueError(message)


def changed_fields(changes: Iterable[FieldChange]) -> str:
    """Return the names of the fields that change, such as ``technical_contact: email``."""
    fields: dict[str, list[str]] = {}
    for change in changes:
        if change.state in ("changes", "not-readable"):
            fields.setdefault(change.contact_type, []).append(change.field)
    return "; ".join(f"{contact_type}: {', '.join(f)}" for contact_type, f in fields.items())


class OrderFrames:
    """The methods of a plan and a report that return frames."""

    def _table(self, per: Per) -> Table:
        raise NotImplementedError

    def to_pandas(self, *, per: Per = "order") -> "pd.DataFrame":
        """Return the orders as a frame of pandas, which must be installed.

        By default, there is one row for each order, with the columns ``order_id``, ``common_name``,
        ``status``, ``state`` (of a plan), ``result`` and ``verification`` (of a report),
        ``changed_fields`` (such as ``technical_contact: email``), ``blocked``, ``failure`` (its
        message), ``failure_kind`` and ``failure_outcome``. ``to_dicts`` has all details.

        With ``per="field"``, there is one row for each field of ``changes``, with the columns up to
        the result, and ``contact_type``, ``field``, ``change``, ``before`` and ``after``, which are
        those of ``FieldChange``; ``change`` is its ``state``. An order without changes has no row.
        The values are personal data.

        ``order_id`` is a 64-bit integer, the others are strings, null where they do not apply.

        Raises:
            ModuleNotFoundError: pandas is not installed.
            ValueError: ``per`` is another value.

        """
        return self._table(per).to_pandas()

    def to_polars(self, *, per: Per = "order") -> "pl.DataFrame":
        """Return the orders as a frame of polars, which must be installed; see ``to_pandas``."""
        return self._table(per).to_polars()

    def to_arrow(self, *, per: Per = "order") -> typing.Any:  # noqa: ANN401 - pyarrow has no types
        """Return the orders as a table of pyarrow, which must be installed; see ``to_pandas``."""
        return self._table(per).to_arrow()


def _values(order: PlannedOrder | ReportedOrder, names: Iterable[str]) -> Iterable[object]:
    return (getattr(order, name) for name in names)


def _reason(order: PlannedOrder | ReportedOrder) -> tuple[str | None, ...]:
    failure = order.failure
    return (
        changed_fields(order.changes) or None,
        order.blocked,
        *(
            (None, None, None)
            if failure is None
            else (failure.message, failure.kind, failure.outcome)
        ),
    )


def _package(name: str) -> typing.Any:  # noqa: ANN401 - a module
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        message = f"{name} is not installed: run `pip install {name}`"
        raise ModuleNotFoundError(message, name=name) from None
