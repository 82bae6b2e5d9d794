"""The calls of the asyncio client for many orders."""

import asyncio
import concurrent.futures
import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from digicert_contacts._async_call import call_done, call_in_thread
from digicert_contacts._core import Cancellation, Client
from digicert_contacts._exceptions import RunCancelledError
from digicert_contacts._plan import BasePlan, Plan, Report, counts
from digicert_contacts._records import ExportSummary, Progress
from digicert_contacts._search import BaseSearchResult, SearchResult
from digicert_contacts._types import ContactLike, FilePath, printable

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from digicert_contacts._bulk import Source
    from digicert_contacts._progress import ProgressOption
    from digicert_contacts._types import RunOptions

__all__ = ["AsyncPlan", "AsyncSearchResult"]

_T = TypeVar("_T")

# A function or a coroutine function, or a bar.
AsyncProgressOption: TypeAlias = Callable[[Progress], object] | Literal["tqdm", "rich"] | None

# How often, in seconds, a thread that waits for a callback checks that the event loop still runs.
_LOOP_CHECK = 0.5


class AsyncPlan(BasePlan["AsyncSearchResult"]):
    """The planned change of each order, as a ``Plan``, but ``apply`` and ``save`` are awaited.

    ``AsyncClient.plan``, ``AsyncClient.replace``, ``AsyncClient.undo``, ``AsyncPlan.load`` and
    ``AsyncSearchResult.replace`` return it.

    >>> import asyncio
    >>> from digicert_contacts import AsyncClient
    >>> from digicert_contacts.testing import Sandbox
    >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    >>> async def main(sandbox: Sandbox) -> None:
    ...     async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...         plan = await client.replace("robin.leaver@example.com", jane)
    ...         print(plan)
    ...         print(await plan.apply(journal=None))
    >>> with Sandbox() as sandbox:
    ...     asyncio.run(main(sandbox))
    <AsyncPlan: 10 orders: 10 changes>
    <Report: 10 orders: 10 changed, 10 verified>
    """

    def __init__(self, plan: Plan) -> None:
        """Wrap a plan of the blocking client."""
        search = None if plan.search is None else AsyncSearchResult(plan.search)
        super().__init__(plan._plan, search)  # noqa: SLF001 - of the same base class
        self._blocking = plan

    @classmethod
    async def load(cls, client: "AsyncBulkCalls", path: FilePath) -> "Self":
        """Load a plan that ``save`` or the command ``digicert-contacts plan`` wrote.

        See ``Plan.load``.
        """
        blocking = client._client  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return cls(await _in_thread(None, lambda _: Plan.load(blocking, path)))

    async def save(self, path: FilePath) -> None:
        """Write the plan to a new file that only its owner can read; see ``Plan.save``."""
        await _in_thread(None, lambda _: self._blocking.save(path))

    async def apply(
        self,
        *,
        journal: FilePath | None,
        progress: AsyncProgressOption = None,
        **options: "Unpack[RunOptions]",
    ) -> Report:
        """Send one request for each order that needs it, and verify it; see ``Plan.apply``.

        If the task is cancelled, the requests under way end and no further one is sent. The cause
        of the ``asyncio.CancelledError`` is a ``RunCancelledError`` with the report and the
        journal, from which ``AsyncClient.resume`` finishes the run.
        """
        return await _run(
            journal,
            progress,
            lambda callback: self._blocking.apply(journal=journal, progress=callback, **options),
        )


class AsyncSearchResult(BaseSearchResult):
    """The contacts that a search found, as a ``SearchResult``; ``AsyncClient.find`` returns it."""

    def __init__(self, result: SearchResult) -> None:
        """Wrap a result of the blocking client."""
        super().__init__(result._search)  # noqa: SLF001 - of the same base class
        self._blocking = result

    def replace(self, successor: ContactLike) -> AsyncPlan:
        """Plan to replace every contact that was found; see ``SearchResult.replace``.

        Nothing is awaited, since it sends no request. ``AsyncPlan.apply`` is awaited.
        """
        return AsyncPlan(self._blocking.replace(successor))


class AsyncBulkCalls:
    """The calls of an ``AsyncClient`` for many orders.

    Each runs in a thread of its own, where it reads files and rows, so single calls do not wait
    for it. ``progress`` is called on the event loop, and can be a coroutine function; the call
    waits for it. It can make calls of the same client.
    """

    _client: Client

    async def plan(
        self,
        source: "Source",
        *,
        state: FilePath | None = None,
        trim: bool = False,
        ignore_columns: Iterable[str] = (),
        progress: AsyncProgressOption = None,
    ) -> AsyncPlan:
        """Read every order of a source and compare it with the source; see ``Client.plan``."""

        def plan(callback: "ProgressOption") -> Plan:
            return self._client.plan(
                source, state=state, trim=trim, ignore_columns=ignore_columns, progress=callback
            )

        return AsyncPlan(await _in_thread(progress, plan))

    async def apply(
        self,
        source: "Source",
        *,
        journal: FilePath | None,
        trim: bool = False,
        ignore_columns: Iterable[str] = (),
        progress: AsyncProgressOption = None,
        **options: "Unpack[RunOptions]",
    ) -> Report:
        """Read, compare and change each order of a source in one go; see ``Client.apply``.

        For a cancelled task, see ``AsyncPlan.apply``.
        """

        def apply(callback: "ProgressOption") -> Report:
            return self._client.apply(
                source,
                journal=journal,
                trim=trim,
                ignore_columns=ignore_columns,
                progress=callback,
                **options,
            )

        return await _run(journal, progress, apply)

    async def resume(
        self,
        journal: FilePath,
        *,
        other_key: bool = False,
        progress: AsyncProgressOption = None,
        **options: "Unpack[RunOptions]",
    ) -> Report:
        """Resume a run from its journal; see ``Client.resume``.

        For a cancelled task, see ``AsyncPlan.apply``.
        """

        def resume(callback: "ProgressOption") -> Report:
            return self._client.resume(journal, other_key=other_key, progress=callback, **options)

        return await _run(journal, progress, resume)

    async def undo(
        self,
        journal: FilePath,
        *,
        other_key: bool = False,
        progress: AsyncProgressOption = None,
    ) -> AsyncPlan:
        """Plan to restore the contacts from before a run; see ``Client.undo``."""

        def undo(callback: "ProgressOption") -> Plan:
            return self._client.undo(journal, other_key=other_key, progress=callback)

        return AsyncPlan(await _in_thread(progress, undo))

    async def find(
        self,
        *terms: str,
        contact_type: str | None = None,
        status: str | None = None,
        read_all: bool = False,
        progress: AsyncProgressOption = None,
    ) -> AsyncSearchResult:
        """Find the contacts with an e-mail address, a name or a domain; see ``Client.find``."""

        def find(callback: "ProgressOption") -> SearchResult:
            return self._client.find(
                *terms,
                contact_type=contact_type,
                status=status,
                read_all=read_all,
                progress=callback,
            )

        return AsyncSearchResult(await _in_thread(progress, find))

    async def replace(  # noqa: PLR0913 - keywords
        self,
        leaver: str | Mapping[str, ContactLike],
        successor: ContactLike | None = None,
        *,
        contact_type: str | None = None,
        status: str | None = None,
        read_all: bool = False,
        progress: AsyncProgressOption = None,
    ) -> AsyncPlan:
        """Find the contacts of a person, and plan to replace them; see ``Client.replace``."""

        def replace(callback: "ProgressOption") -> Plan:
            return self._client.replace(
                leaver,
                successor,
                contact_type=contact_type,
                status=status,
                read_all=read_all,
                progress=callback,
            )

        return AsyncPlan(await _in_thread(progress, replace))

    async def export(
        self,
        path: FilePath,
        *,
        contact: str | None = None,
        status: str | None = None,
        technical_only: bool = False,
        progress: AsyncProgressOption = None,
    ) -> ExportSummary:
        """Export the contacts of the account's orders to a new file; see ``Client.export``.

        If the task is cancelled, progress is saved, and the same call resumes the export.
        """

        def export(callback: "ProgressOption") -> ExportSummary:
            return self._client.export(
                path,
                contact=contact,
                status=status,
                technical_only=technical_only,
                progress=callback,
            )

        return await _in_thread(progress, export)


async def _in_thread(
    progress: AsyncProgressOption,
    work: "Callable[[ProgressOption], _T]",
    done: Callable[[_T], BaseException] = call_done,
) -> _T:
    """Do ``work`` in a new thread, with a callback that calls ``progress`` on the event loop."""
    cancellation = Cancellation()
    callback = _on_loop(progress, cancellation) if callable(progress) else progress
    executor = ThreadPoolExecutor(1, "digicert_contacts")
    try:
        return await call_in_thread(executor, cancellation, lambda: work(callback), done)
    finally:
        executor.shutdown(wait=False)


async def _run(
    journal: FilePath | None,
    progress: AsyncProgressOption,
    run: "Callable[[ProgressOption], Report]",
) -> Report:
    return await _in_thread(progress, run, lambda report: _run_cancelled(report, journal))


def _run_cancelled(report: Report, journal: FilePath | None) -> RunCancelledError:
    name = None if journal is None else os.fspath(journal)
    stopped = report.stopped
    is_cancelled = stopped is not None and stopped.kind == "cancelled"
    what = "the run was cancelled" if is_cancelled else "the run ended before it was cancelled"
    message = f"{what}: {counts(report.summary)}"
    if stopped is not None and name is not None:
        message += f"; to finish it, pass the journal `{printable(name)}` to resume()"
    elif stopped is not None:
        message += "; it has no journal, so make a new plan"
    return RunCancelledError(message, report=report, journal=name)


def _on_loop(
    progress: Callable[[Progress], object], cancellation: Cancellation
) -> Callable[[Progress], None]:
    """Return a callback for a thread, which calls ``progress`` on the event loop and waits."""
    loop = asyncio.get_running_loop()

    async def call(step: Progress) -> None:
        result = progress(step)
        if inspect.isawaitable(result):
            await result

    def callback(step: Progress) -> None:
        called = asyncio.run_coroutine_threadsafe(call(step), loop)
        while not concurrent.futures.wait([called], _LOOP_CHECK).done:
            if not loop.is_running():
                # Nobody awaits the call any longer.
                cancellation.cancel()
                return
        if called.cancelled():
            cancellation.cancel()
        else:
            called.result()

    return callback
