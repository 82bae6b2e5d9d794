"""A server that sends the same response to every request."""

import asyncio
import contextlib
import socket
import threading
import time
from types import TracebackType

from typing_extensions import Self

END = b"\r\n\r\n"


def ok(body: bytes) -> bytes:
    """Return a 200 with a body."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def unavailable(seconds: int) -> bytes:
    """Return a 503 with ``Retry-After``."""
    return b"HTTP/1.1 503 Busy\r\nRetry-After: %d\r\nContent-Length: 0\r\n\r\n" % seconds


class Server:
    """It listens on loopback until the context exits."""

    def __init__(self, answer: bytes, *, delay: float = 0.0, at_once: bool = False) -> None:
        """Create a server with a response and a delay, which can respond before a request."""
        self._answer = answer
        self._delay = delay
        self._at_once = at_once
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._connections: list[socket.socket] = []
        self._arrived = threading.Event()
        self.requests: list[bytes] = []
        """The heads and bodies of the requests."""
        self.most_at_once = 0
        """The highest number of requests that waited for a response at the same time."""
        self._waiting = 0
        self._counted = threading.Lock()
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Start the server."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self._listener.close()
        for connection in self._connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if self._at_once:
                connection.sendall(self._answer)
            while request := self._read(connection):
                self.requests.append(request)
                self._arrived.set()
                self._count(1)
                time.sleep(self._delay)
                self._count(-1)
                connection.sendall(self._answer)

    def _count(self, difference: int) -> None:
        with self._counted:
            self._waiting += difference
            self.most_at_once = max(self.most_at_once, self._waiting)

    async def wait_for_request(self) -> None:
        """Wait for a request."""
        await asyncio.to_thread(self._arrived.wait, 10)

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        request = b""
        while END not in request:
            read = connection.recv(65536)
            if not read:
                return b""
            request += read
        head, _, body = request.partition(END)
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                while len(body) < int(value):
                    body += connection.recv(65536)
        return head + END + body
