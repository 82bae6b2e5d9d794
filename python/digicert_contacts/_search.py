"""The result of a search for contacts."""

import typing
from collections.abc import Iterator, Mapping

from digicert_contacts import _frame, _html
from digicert_contacts._core import BulkSearch, Contact
from digicert_contacts._exceptions import ValidationError
from digicert_contacts._plan import Plan
from digicert_contacts._records import FailedOrder, FoundContact, Records, SourceUse, Violation
from digicert_contacts._types import ContactLike

__all__ = ["SearchResult"]

if typing.TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class BaseSearchResult:
    """What ``SearchResult`` and ``AsyncSearchResult`` have in common."""

    def __init__(self, search: BulkSearch) -> None:
        """Wrap the result of the Rust code."""
        self._search = search

    @property
    def contacts(self) -> Records[FoundContact]:
        """The contacts, in the order of the account's list of orders."""
        return Records(self._search.contacts)

    def __iter__(self) -> Iterator[FoundContact]:
        """Iterate over the contacts."""
        return iter(self.contacts)

    def __len__(self) -> int:
        """Return the number of contacts."""
        return len(self._search.contacts)

    @property
    def orders(self) -> int:
        """The number of orders with a contact that was found."""
        return self._search.orders

    @property
    def sources(self) -> tuple[SourceUse, ...]:
        """The sources that were asked, in this order."""
        return self._search.sources

    @property
    def listed(self) -> int:
        """The number of orders in the account, or with the status that was searched."""
        return self._search.listed

    @property
    def read(self) -> int:
        """The number of orders that were read."""
        return self._search.read

    @property
    def sampled(self) -> int:
        """How many of the orders that were read are a random sample of those not to match."""
        return self._search.sampled

    @property
    def failed(self) -> tuple[FailedOrder, ...]:
        """The orders that could not be read, so it is not known whether they match."""
        return self._search.failed

    @property
    def without_id(self) -> int:
        """The number of listed orders without a readable id, which are not searched."""
        return self._search.without_id

    @property
    def all_done(self) -> bool:
        """Whether every listed order was searched."""
        return not self.failed and not self.without_id

    def to_dicts(self) -> list[dict[str, typing.Any]]:
        """Return the contacts as plain dicts; each has the fields of its contact in ``contact``."""
        return self.contacts.to_dicts()

    def to_pandas(self) -> "pd.DataFrame":
        """Return the contacts as a frame of pandas, which must be installed.

        There is one row for each contact, with the columns that an export has: ``order_id``,
        ``contact_type``, ``first_name``, ``last_name``, ``email``, ``job_title``, ``telephone``,
        ``common_name``, ``status`` and ``product``. So the frame, with other values, is a source
        for ``Client.plan``. ``order_id`` is a 64-bit integer, the others are strings, null where
        the order has no value. The values are personal data.

        Raises:
            ModuleNotFoundError: pandas is not installed.

        """
        return _frame.contacts(self).to_pandas()

    def to_polars(self) -> "pl.DataFrame":
        """Return the contacts as a frame of polars, which must be installed; see ``to_pandas``."""
        return _frame.contacts(self).to_polars()

    def to_arrow(self) -> typing.Any:  # noqa: ANN401 - pyarrow has no types
        """Return the contacts as a table of pyarrow, which must be installed; see ``to_pandas``."""
        return _frame.contacts(self).to_arrow()

    def __repr__(self) -> str:
        """Show the number of contacts and orders."""
        return f"<{self._title()}>"

    def _repr_html_(self) -> str:
        """Show the orders in a notebook, with the types of the contacts, but no values."""
        return _html.search(self._title(), self.contacts)

    def _title(self) -> str:
        return f"{type(self).__name__}: {len(self)} contacts of {self.orders} orders"

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be pickled."""
        message = "a SearchResult belongs to a client and cannot be pickled; use its contacts"
        raise TypeError(message)


class SearchResult(BaseSearchResult):
    """The contacts that a search found; ``Client.find`` returns it, and ``Plan.search`` is one.

    It is iterable. It belongs to a client and cannot be pickled; its contacts can.
    """

    def replace(self, successor: ContactLike) -> Plan:
        """Plan to replace every contact that was found, without a request. Nothing is changed.

        An order keeps the value of an optional field that the successor omits. ``Plan.apply`` reads
        each order again, unless it was read less than 30 seconds ago.

        Args:
            successor: a ``Contact``, or a mapping with its fields.

        Raises:
            ValidationError: the successor is not valid; lists every violation.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     found = client.find("Robin Leaver", contact_type="technical_contact")
        ...     found.replace(jane).apply(journal=None).summary.changed
        8

        """
        return Plan(self._search.plan([as_contact(successor)]), self)


def as_contact(value: ContactLike) -> Contact:
    """Return the contact of a successor."""
    return value if isinstance(value, Contact) else Contact.from_dict(value)


def as_contacts(values: Mapping[str, ContactLike]) -> dict[str, Contact]:
    """Return the contact of each successor; a violation has the index of the successor."""
    contacts: dict[str, Contact] = {}
    violations: list[Violation] = []
    for index, (address, value) in enumerate(values.items()):
        try:
            contacts[address] = as_contact(value)
        except ValidationError as error:  # noqa: PERF203 - to report those of all
            path = f"successors[{index}]"
            violations += [
                violation._replace(path=f"{path}.{violation.path}".removesuffix("."))
                for violation in error.violations
            ]
    if violations:
        message = "\n".join(f"{violation.path}: {violation.message}" for violation in violations)
        raise ValidationError(message, violations=tuple(violations))
    return contacts
