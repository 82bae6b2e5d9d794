"""The order report as a file."""

import csv
import io
import typing
from collections.abc import Iterator

if typing.TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from digicert_contacts._core import ReportStream

__all__ = ["OrderReport"]


class OrderReport(io.RawIOBase):
    """The order report as DigiCert sends it: CSV, read as a stream.

    ``Client.order_report`` returns it. It is a binary file that can be read once; ``rows`` parses
    it as CSV. Values can contain line breaks, so do not split it into lines.

    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     for row in client.order_report().rows():
    ...         if row["tech_email"] == "robin.leaver@example.com":
    ...             print(row["order_id"])
    ...             break
    100000001
    """

    def __init__(self, source: "ReportStream") -> None:
        """Wrap the stream of the Rust code."""
        super().__init__()
        self._source: ReportStream | None = source

    def readable(self) -> bool:
        """Return ``True``."""
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read into a buffer and return the number of bytes, 0 at the end.

        Raises ``RequestError`` if the response is incomplete.
        """
        if self._source is None:
            message = "I/O operation on closed file"
            raise ValueError(message)
        view = memoryview(buffer).cast("B")
        data = self._source.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Release the connection."""
        self._source = None
        super().close()

    def rows(self) -> Iterator[dict[str, str]]:
        """Iterate over the rows, each a dict from the name of a column to its text.

        There is one row for each order. Its technical contact is in ``tech_first_name``,
        ``tech_last_name``, ``tech_email``, ``tech_title`` and ``tech_telephone``. The report has no
        organization contacts.
        """
        text = io.TextIOWrapper(io.BufferedReader(self), encoding="utf-8-sig", newline="")
        yield from csv.DictReader(text)
