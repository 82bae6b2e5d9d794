"""The threads that call the option ``send`` of a run."""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class SendThreads:
    """Threads that call a function and pass on what it returns or raises.

    A run cannot interrupt the function. The threads are daemons, so that neither Ctrl-C nor the end
    of the program waits for it.
    """

    def __init__(self, send: Callable[[str], str], count: int) -> None:
        """Start the threads."""
        self._send = send
        self._count = count
        self._orders: SimpleQueue[tuple[str, Callable[[object], object]] | None] = SimpleQueue()
        for _ in range(count):
            threading.Thread(target=self._work, name="digicert_contacts", daemon=True).start()

    def put(self, order: str, done: Callable[[object], object]) -> None:
        """Call the function in one of the threads, and ``done`` with its result."""
        self._orders.put((order, done))

    def stop(self) -> None:
        """End each thread after its call."""
        for _ in range(self._count):
            self._orders.put(None)

    def _work(self) -> None:
        while (job := self._orders.get()) is not None:
            order, done = job
            done(self._call(order))
            # An idle thread keeps no contacts.
            del job, order, done

    def _call(self, order: str) -> object:
        try:
            return self._send(order)
        except BaseException as error:  # noqa: BLE001 - the run raises it again
            return error
