"""Repeated calls do not leak objects or memory."""

import ctypes
import gc
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest

from every_call import CALLS, World, all_events_handled

REPETITIONS = {
    "contacts": 1000,
    "invalid contacts": 1000,
    "updates": 1000,
    "orders of responses": 1000,
    "settings": 200,
    "requests": 100,
    "failed responses": 60,
    "lists": 100,
    "calls of asyncio": 100,
    "runs of asyncio": 15,
    "sandboxes": 60,
    "checks": 100,
    "runs": 15,
    "runs of workers": 50,
    "searches": 15,
}
SMALLEST = 32
"""The size of the smallest allocation."""


class Held(NamedTuple):
    """The allocated objects and bytes."""

    objects: int
    bytes: int


class _Mallinfo2(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


def _malloc_bytes() -> Callable[[], int] | None:
    """Return a function for the bytes in use, if the C library is glibc."""
    mallinfo2 = getattr(ctypes.CDLL(None), "mallinfo2", None) if sys.platform == "linux" else None
    if mallinfo2 is None:
        return None
    mallinfo2.restype = _Mallinfo2

    def count() -> int:
        info = mallinfo2()
        return int(info.uordblks + info.hblkhd)

    return count


MALLOC_BYTES = _malloc_bytes()


def held() -> Held:
    gc.collect()
    return Held(sys.getallocatedblocks(), MALLOC_BYTES() if MALLOC_BYTES else 0)


def settled() -> Held:
    """Wait for the threads of the sandbox, which end after it has stopped."""
    least = held()
    for _ in range(10):
        time.sleep(0.005)
        least = min(least, held())
    return least


def repeat(call: Callable[[World], None], times: int) -> Held:
    with World.new() as world, all_events_handled():
        for _ in range(times):
            call(world)
    return settled()


def test_each_kind_of_call_is_repeated() -> None:
    assert list(REPETITIONS) == list(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_calls_do_not_leak(name: str) -> None:
    times = REPETITIONS[name]
    after = repeat(CALLS[name], times)
    growth = []
    # A leak grows each time. What the interpreter keeps for later grows less and less.
    for _ in range(5):
        before, after = after, repeat(CALLS[name], 3 * times)
        growth.append((after.objects - before.objects, after.bytes - before.bytes))
        # One object for each call is three times this, and so is the smallest piece of memory.
        if growth[-1][0] < times and growth[-1][1] < times * SMALLEST:
            return
    pytest.fail(f"{3 * times} calls leaked objects and bytes, each time: {growth}")
