"""The asyncio client."""

import asyncio
import builtins
import functools
import operator
import os
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from digicert_contacts._async_bulk import AsyncBulkCalls
from digicert_contacts._async_call import call_in_thread
from digicert_contacts._core import Cancellation, Client, ContactsUpdate, Order
from digicert_contacts._report import OrderReport

__all__ = ["AsyncClient", "AsyncOrders"]

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from digicert_contacts._types import CallOptions, ClientSettings, ContactLike, User

_P = ParamSpec("_P")
_T = TypeVar("_T")

# DigiCert's maximum page size.
_PAGE_SIZE = 1000


class AsyncClient(AsyncBulkCalls):
    """A ``Client`` for asyncio, with the same settings and calls.

    Calls run in threads, so they never block the event loop. ``concurrency`` is the number of
    concurrent requests of single calls; further calls are queued. DigiCert recommends one. Each
    call for many orders, such as ``plan`` or ``find``, has a thread of its own, and a run its own
    ``concurrency``. All of them share the connections and the rate limit.

    Cancelling a task cancels a waiting call within 0.1 s. A request that was sent cannot be
    cancelled: the task is cancelled only after the response or the timeout. The
    ``asyncio.CancelledError`` then has a ``CallCancelledError`` as its ``__cause__``, whose
    ``outcome`` says whether the call may have changed the order. The cause of a cancelled run is a
    ``RunCancelledError``.

    >>> import asyncio
    >>> from digicert_contacts import AsyncClient, Contact
    >>> from digicert_contacts.testing import Sandbox
    >>> async def main(sandbox: Sandbox) -> None:
    ...     async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...         jane = Contact("Jane", "Doe", "jane.doe@example.com")
    ...         await client.update_contacts(100000001, technical=jane)
    ...         contact = (await client.order(100000001)).technical_contact
    ...         print(contact.first_name if contact else None)
    >>> with Sandbox() as sandbox:
    ...     asyncio.run(main(sandbox))
    Jane
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        concurrency: int = 1,
        **settings: "Unpack[ClientSettings]",
    ) -> None:
        """Create a client; see ``Client`` for the settings."""
        self._start(Client(api_key, **settings), concurrency)

    @classmethod
    def from_env(cls, *, concurrency: int = 1, **settings: "Unpack[ClientSettings]") -> "Self":
        """Create a client from environment variables; see ``Client.from_env``."""
        client = cls.__new__(cls)
        client._start(Client.from_env(**settings), concurrency)  # noqa: SLF001 - of this class
        return client

    def _start(self, client: Client, concurrency: int) -> None:
        if operator.index(concurrency) < 1:
            message = "concurrency must be 1 or more"
            raise ValueError(message)
        self._client = client
        self._concurrency = concurrency
        self._threads: tuple[int, ThreadPoolExecutor] | None = None
        self._origin: AsyncClient | None = None

    def with_options(self, **options: "Unpack[CallOptions]") -> "Self":
        """Return a client with other options; see ``Client.with_options``.

        It shares connections, rate limit and ``concurrency`` with this one.
        """
        client = type(self).__new__(type(self))
        client.__dict__.update(self.__dict__)
        client._client = self._client.with_options(**options)  # noqa: SLF001 - of this class
        client._origin = self._origin or self  # noqa: SLF001 - of this class
        return client

    async def update_contacts(
        self,
        order_id: int | str,
        update: "ContactsUpdate | Mapping[str, object] | None" = None,
        *,
        technical: "ContactLike | None" = None,
        organization: "ContactLike | None" = None,
        **options: "Unpack[CallOptions]",
    ) -> None:
        """Change the contacts of one order; see ``Client.update_contacts``."""
        await self._call(
            self._client.update_contacts,
            order_id,
            update,
            technical=technical,
            organization=organization,
            **options,
        )

    async def order(self, order_id: int | str, **options: "Unpack[CallOptions]") -> Order:
        """Read one order; see ``Client.order``."""
        return await self._call(self._client.order, order_id, **options)

    def orders(
        self,
        *,
        status: str | None = None,
        search: str | None = None,
        product_name_id: str | None = None,
        **options: "Unpack[CallOptions]",
    ) -> "AsyncOrders":
        """List the orders of the account, for ``async for``; see ``Client.orders``."""
        orders = self._client.orders(
            status=status, search=search, product_name_id=product_name_id, **options
        )

        buffer: deque[Order] = deque()

        def fetch(count: int) -> None:
            # In the worker thread, so that no order is lost if the task is cancelled.
            buffer.extend(orders.take(count))

        return AsyncOrders(buffer, lambda count: self._call(fetch, count), self._check_open)

    async def order_report(self, **options: "Unpack[CallOptions]") -> OrderReport:
        """Request the report of all orders; see ``Client.order_report``.

        Reading the report blocks, so read it in a thread.
        """
        return await self._call(self._client.order_report, **options)

    async def whoami(self, **options: "Unpack[CallOptions]") -> "User":
        """Read the user of the API key; see ``Client.whoami``."""
        return await self._call(self._client.whoami, **options)

    @property
    def base_url(self) -> str:
        """The base URL of the API."""
        return self._client.base_url

    @property
    def closed(self) -> bool:
        """Whether the client, or the one that it was made from, is closed."""
        return self._client.closed

    async def aclose(self) -> None:
        """Close the connections and drop the API key; running calls and runs finish.

        The clients that ``with_options`` made from this one are closed as well; closing one of
        those closes it alone.
        """
        self._client.close()
        if self._origin is None and self._threads is not None:
            self._threads[1].shutdown(wait=False)

    async def __aenter__(self) -> "Self":
        """Return the client."""
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the client."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show the base URL, but not the key."""
        return f"<AsyncClient of {self.base_url}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be pickled, as ``Client`` does."""
        message = (
            "an AsyncClient holds an API key and cannot be pickled; create one in each process"
        )
        raise TypeError(message)

    def _executor(self) -> ThreadPoolExecutor:
        if self._origin is not None:
            return self._origin._executor()  # noqa: SLF001 - of this class
        # After a fork, the threads exist only in the parent.
        process = os.getpid()
        if self._threads is None or self._threads[0] != process:
            executor = ThreadPoolExecutor(self._concurrency, "digicert_contacts")
            self._threads = (process, executor)
        return self._threads[1]

    def _check_open(self) -> None:
        if self.closed:
            message = "the client is closed"
            raise RuntimeError(message)

    async def _call(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        self._check_open()
        work = functools.partial(function, *args, **kwargs)
        return await call_in_thread(self._executor(), Cancellation(), work)


class AsyncOrders:
    """The orders of an account, fetched page by page; ``AsyncClient.orders`` returns it.

    As every iterator, it returns each order once, also if tasks share it. If a task is cancelled,
    the orders that it fetched are kept for the next task.
    """

    def __init__(
        self,
        buffer: "deque[Order]",
        fetch: Callable[[int], Awaitable[None]],
        check_open: Callable[[], None],
    ) -> None:
        """Create the iterator from a buffer, the function that fills it, and that of the client."""
        self._buffer = buffer
        self._fetch = fetch
        self._check_open = check_open
        self._lock = asyncio.Lock()

    def __aiter__(self) -> "AsyncOrders":
        """Return the iterator itself."""
        return self

    async def list(self) -> builtins.list[Order]:
        """Return the remaining orders; see ``Orders.list``."""
        return [order async for order in self]

    async def take(self, count: int) -> builtins.list[Order]:
        """Return the next ``count`` orders, fewer at the end of the list; see ``Orders.take``."""
        if operator.index(count) < 0:
            message = "count must be 0 or more"
            raise ValueError(message)
        async with self._lock:
            self._check_open()
            if len(self._buffer) < count:
                await self._fetch(count - len(self._buffer))
            return [self._buffer.popleft() for _ in range(min(count, len(self._buffer)))]

    async def __anext__(self) -> Order:
        """Return the next order."""
        async with self._lock:
            self._check_open()
            if not self._buffer:
                await self._fetch(_PAGE_SIZE)
            if not self._buffer:
                raise StopAsyncIteration
            return self._buffer.popleft()
