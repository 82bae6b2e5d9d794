"""The client for asyncio."""

import asyncio
import contextlib
import operator
import os
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar

from digicert_contacts._core import (
    Cancellation,
    Client,
    Contact,
    ContactsUpdate,
    Order,
    RateLimits,
    User,
)
from digicert_contacts._exceptions import CallCancelledError, RequestError
from digicert_contacts._report import OrderReport

if TYPE_CHECKING:
    from typing_extensions import Self

_P = ParamSpec("_P")
_T = TypeVar("_T")

# DigiCert's largest page.
_PAGE = 1000


class AsyncClient:
    """A ``Client`` for asyncio: the same settings and the same calls, to be awaited.

    ``concurrency`` is how many requests are under way at once. DigiCert asks for one at a time, so
    more is your explicit choice; further calls wait for their turn. The event loop is never
    blocked: calls run in threads.

    Cancelling a task stops a call that waits within 0.1 s. A request that is under way can't be
    taken back: the call ends with its answer, at the latest when its time limit is over, and only
    then is the task cancelled. The ``asyncio.CancelledError`` has a ``CallCancelledError`` as its
    ``__cause__``, whose ``outcome`` tells what had been done by then.

    >>> import asyncio
    >>> from digicert_contacts import AsyncClient, Contact
    >>> from digicert_contacts.testing import Sandbox
    >>> async def main(sandbox):
    ...     async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...         jane = Contact("Jane", "Doe", "jane.doe@example.com")
    ...         await client.update_contacts(100000001, technical=jane)
    ...         return (await client.order(100000001)).technical_contact.first_name
    >>> with Sandbox() as sandbox:
    ...     asyncio.run(main(sandbox))
    'Jane'
    """

    def __init__(  # noqa: PLR0913 - keywords
        self,
        api_key: str | None = None,
        *,
        region: Literal["us", "eu"] = "us",
        base_url: str | None = None,
        timeout: float = 45.0,
        max_retries: int = 2,
        rate_limits: Literal["wait", "raise"]
        | Iterable[tuple[int, float]]
        | RateLimits
        | None = None,
        proxy: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        client_cert: str
        | os.PathLike[str]
        | tuple[str | os.PathLike[str], str | os.PathLike[str]]
        | None = None,
        user_agent_suffix: str | None = None,
        concurrency: int = 1,
    ) -> None:
        """Make a client; see ``Client`` for the settings."""
        if operator.index(concurrency) < 1:
            message = "concurrency must be 1 or more"
            raise ValueError(message)
        self._client = Client(
            api_key,
            region=region,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            rate_limits=rate_limits,
            proxy=proxy,
            ca_bundle=ca_bundle,
            client_cert=client_cert,
            user_agent_suffix=user_agent_suffix,
        )
        self._concurrency = concurrency
        self._threads: tuple[int, ThreadPoolExecutor] | None = None
        self._closed = False

    async def update_contacts(
        self,
        order_id: int | str,
        update: ContactsUpdate | None = None,
        *,
        technical: Contact | None = None,
        organization: Contact | None = None,
    ) -> None:
        """Change the contacts of one order; see ``Client.update_contacts``."""
        await self._call(
            self._client.update_contacts,
            order_id,
            update,
            technical=technical,
            organization=organization,
        )

    async def order(self, order_id: int | str) -> Order:
        """Read one order; see ``Client.order``."""
        return await self._call(self._client.order, order_id)

    def orders(
        self,
        *,
        status: str | None = None,
        search: str | None = None,
        product_name_id: str | None = None,
    ) -> "AsyncOrders":
        """List the orders of the account, for ``async for``; see ``Client.orders``."""
        orders = self._client.orders(status=status, search=search, product_name_id=product_name_id)

        read: deque[Order] = deque()

        def read_more(count: int) -> None:
            # In its thread, so that nothing is lost where nobody waits for it any more.
            read.extend(orders.take(count))

        return AsyncOrders(read, lambda count: self._call(read_more, count))

    async def order_report(self) -> OrderReport:
        """Begin to read the report of all orders; see ``Client.order_report``.

        What it gives is an ordinary file: reading from it blocks, so read it in a thread.
        """
        return await self._call(self._client.order_report)

    async def whoami(self) -> User:
        """Look up whom the key acts for; see ``Client.whoami``."""
        return await self._call(self._client.whoami)

    @property
    def base_url(self) -> str:
        """Where requests go."""
        return self._client.base_url

    async def aclose(self) -> None:
        """Close its connections and forget its key; calls that are under way go on to their end."""
        self._client.close()
        if self._threads is not None:
            self._threads[1].shutdown(wait=False)
        self._closed = True

    async def __aenter__(self) -> "Self":
        """Give the client itself."""
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show where requests go, and no key."""
        return f"<AsyncClient of {self.base_url}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be pickled, as ``Client`` does."""
        message = (
            "an AsyncClient holds an API key and can't be pickled; make one in each process instead"
        )
        raise TypeError(message)

    def _executor(self) -> ThreadPoolExecutor:
        # The threads stay behind in the parent of a fork.
        process = os.getpid()
        if self._threads is None or self._threads[0] != process:
            executor = ThreadPoolExecutor(self._concurrency, "digicert_contacts")
            self._threads = (process, executor)
        return self._threads[1]

    async def _call(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        if self._closed:
            message = "the client was closed"
            raise RuntimeError(message)
        cancellation = Cancellation()

        def work() -> _T:
            return cancellation.run(function, *args, **kwargs)

        call = self._executor().submit(work)
        future = asyncio.wrap_future(call)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError as cancelled:
            cancellation.cancel()
            if call.cancel():
                raise cancelled from _cancelled("it had not begun", "not-sent", 0)
            await _ended(future)
            raise cancelled from _what_became_of(future)


async def _ended(future: "asyncio.Future[_T]") -> None:
    """Wait for it, however often this is cancelled: by now it takes no longer than one request."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future])


def _what_became_of(future: "asyncio.Future[_T]") -> BaseException:
    error = None if future.cancelled() else future.exception()
    if error is None:
        return _cancelled("it had succeeded by then", "done", 1)
    if isinstance(error, RequestError) and not isinstance(error, CallCancelledError):
        return _cancelled(str(error), error.outcome, error.attempts)
    return error


def _cancelled(
    why: str, outcome: Literal["not-sent", "rejected", "unknown", "done"], attempts: int
) -> CallCancelledError:
    message = f"the call was cancelled: {why}"
    return CallCancelledError(message, outcome=outcome, attempts=attempts)


class AsyncOrders:
    """Orders, read page by page as they are asked for; ``AsyncClient.orders`` makes it.

    Tasks may share it: each order is told to one of them. A task that is cancelled leaves what was
    read for the next.
    """

    def __init__(self, read: "deque[Order]", read_more: Callable[[int], Awaitable[None]]) -> None:
        """Make one of the orders that were read, and a way to read more of them."""
        self._read = read
        self._read_more = read_more
        self._turn = asyncio.Lock()

    def __aiter__(self) -> "AsyncOrders":
        """Give itself."""
        return self

    async def take(self, count: int) -> list[Order]:
        """Give so many orders, or fewer if the list ends; none at the end; see ``Orders.take``."""
        if operator.index(count) < 0:
            message = "count must be 0 or more"
            raise ValueError(message)
        async with self._turn:
            if len(self._read) < count:
                await self._read_more(count - len(self._read))
            return [self._read.popleft() for _ in range(min(count, len(self._read)))]

    async def __anext__(self) -> Order:
        """Give the next order."""
        async with self._turn:
            if not self._read:
                await self._read_more(_PAGE)
            if not self._read:
                raise StopAsyncIteration
            return self._read.popleft()
