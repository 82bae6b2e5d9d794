"""The order report, as a file."""

import csv
import io
import typing
from collections.abc import Iterator

if typing.TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from digicert_contacts._core import ReportBytes


class OrderReport(io.RawIOBase):
    """The order report as DigiCert sends it: CSV, read bit by bit.

    ``Client.order_report`` makes it. It is a binary file that can be read once; ``rows`` reads it
    as CSV. Values may hold line breaks, so don't split it into lines.

    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     for row in client.order_report().rows():
    ...         if row["tech_email"] == "robin.leaver@example.com":
    ...             print(row["order_id"])
    ...             break
    100000001
    """

    def __init__(self, source: "ReportBytes") -> None:
        """Make one from what ``Client.order_report`` reads."""
        super().__init__()
        self._source: ReportBytes | None = source

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read into a buffer; return how many bytes, 0 at the end.

        Raises ``RequestError`` where the report breaks off.
        """
        if self._source is None:
            message = "I/O operation on closed file"
            raise ValueError(message)
        view = memoryview(buffer).cast("B")
        read = self._source.read(len(view))
        view[: len(read)] = read
        return len(read)

    def close(self) -> None:
        """Let go of the connection."""
        self._source = None
        super().close()

    def rows(self) -> Iterator[dict[str, str]]:
        """Read the rows, each a dict from a column's name to its text.

        One row for each order; its technical contact is in ``tech_first_name``, ``tech_last_name``,
        ``tech_email``, ``tech_title`` and ``tech_telephone``. Organization contacts are not in it.
        """
        text = io.TextIOWrapper(io.BufferedReader(self), encoding="utf-8-sig", newline="")
        yield from csv.DictReader(text)
