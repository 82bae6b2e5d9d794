"""Calls of the blocking client in threads, which are cancelled with their task."""

import asyncio
import contextlib
import contextvars
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, TypeVar

from digicert_contacts._core import Cancellation
from digicert_contacts._exceptions import CallCancelledError, RequestError

if TYPE_CHECKING:
    from digicert_contacts._records import Outcome

_T = TypeVar("_T")


def call_done(_: object) -> BaseException:
    """Return the cause of the cancellation of a call that had already succeeded."""
    return _cancelled("it had already succeeded", "done", 1)


async def call_in_thread(
    executor: Executor,
    cancellation: Cancellation,
    work: Callable[[], _T],
    done: Callable[[_T], BaseException] = call_done,
) -> _T:
    """Do ``work`` in a thread. If the task is cancelled, cancel the work and wait for its end.

    The cause of the ``asyncio.CancelledError`` is what the work raises, or ``done(result)``.
    """
    context = contextvars.copy_context()
    call = executor.submit(context.run, lambda: cancellation.run(work))
    future = asyncio.wrap_future(call)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError as cancelled:
        cancellation.cancel()
        if call.cancel():
            raise cancelled from _cancelled("it had not started", "not-sent", 0)
        await _finished(future)
        raise cancelled from _cause(future, done)


async def _finished(future: "asyncio.Future[_T]") -> None:
    """Wait for cancelled work, which takes at most one request, despite further cancellations."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future])


def _cause(future: "asyncio.Future[_T]", done: Callable[[_T], BaseException]) -> BaseException:
    error = None if future.cancelled() else future.exception()
    if error is None:
        return done(future.result())
    if isinstance(error, RequestError) and not isinstance(error, CallCancelledError):
        cancelled = _cancelled(str(error), error.outcome, error.attempts)
        vars(cancelled).update(vars(error))
        return cancelled
    return error


def _cancelled(reason: str, outcome: "Outcome", attempts: int) -> CallCancelledError:
    message = f"the call was cancelled: {reason}"
    return CallCancelledError(message, outcome=outcome, attempts=attempts)
