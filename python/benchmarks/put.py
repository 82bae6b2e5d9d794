"""PUTs on loopback, compared with requests and bare ureq in alternating rounds.

The server and bare ureq are processes of their own, of the benchmark of contacts-http.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests
from figures import middle

from digicert_contacts import Client, Contact, ContactsUpdate

ROUNDS = 21
REQUESTS = 1000
JOHN, JANE = (
    Contact(
        first,
        "Doe",
        "john.doe@example.com",
        job_title="SRE",
        telephone="1234567890",
        language_id="1",
    )
    for first in ("John", "Jane")
)
UPDATE = ContactsUpdate(technical=JANE, organization=JOHN)
INPUT = UPDATE.to_dict()
# Enforced, but higher than this benchmark reaches.
WIDE = [(100_000_000, 5.0), (1_000_000_000, 180.0)]


def helper() -> str:
    """Build the benchmark of contacts-http and find its program."""
    command = ["cargo", "bench", "--package", "contacts-http", "--bench", "put", "--no-run"]
    built = subprocess.run(
        [*command, "--quiet", "--message-format=json"], check=True, stdout=subprocess.PIPE
    )
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return next(m["executable"] for m in messages if m.get("executable"))


#: Seconds of wall and of CPU time for each request, round by round.
Turns = dict[str, list[tuple[float, float]]]


class Worker:
    """A process that reads commands line by line."""

    def __init__(self, *command: str) -> None:
        """Start the process."""
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def read(self) -> str:
        """Read a line."""
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdout.readline().strip()

    def ask(self) -> str:
        """Write a line and read one."""
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self.read()

    def stop(self) -> None:
        """Stop the process."""
        self._process.kill()
        self._process.wait()


def timed(send: Callable[[], object], count: int) -> tuple[float, float]:
    """Return the seconds of wall time and of CPU time for each request."""
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        send()
    return (time.perf_counter() - start) / count, (time.process_time() - cpu) / count


def ours(url: str) -> tuple[float, float]:
    """Validate, send and read with this package, limits and retries on."""
    with Client("A1B2C3", base_url=url, rate_limits=WIDE) as client:
        return timed(
            lambda: client.update_contacts(123456789, ContactsUpdate.from_dict(INPUT)), REQUESTS
        )


def with_requests(url: str) -> tuple[float, float]:
    """Send the same body with requests, without validation."""
    headers = {"X-DC-DEVKEY": "A1B2C3", "Content-Type": "application/json"}
    body = UPDATE.to_json()
    with requests.Session() as session:
        session.trust_env = False
        put = f"{url}/order/certificate/123456789/contact"
        return timed(lambda: session.put(put, data=body, headers=headers), REQUESTS // 5)


def rounds(program: str, server_core: int | None, client_core: int | None) -> Turns:
    """Alternate between the candidates, with the server on its own core."""
    pin(server_core)
    server = Worker(program, "--serve")
    url = server.read()
    pin(client_core)
    bare = Worker(program, "--bare", url)
    turns: Turns = {"ours": [], "requests": [], "bare ureq": []}
    try:
        for _ in range(ROUNDS):
            turns["ours"].append(ours(url))
            wall, cpu = bare.ask().split()
            turns["bare ureq"].append((float(wall) / REQUESTS, float(cpu) / REQUESTS))
            turns["requests"].append(with_requests(url))
    finally:
        bare.stop()
        server.stop()
    return turns


def pin(core: int | None) -> None:
    """Pin this process and its children to a core."""
    if core is not None:
        os.sched_setaffinity(0, {core})


def print_results(turns: Turns) -> None:
    """Print the medians and the ratios."""
    for name, times in turns.items():
        rate, spread = middle([1 / wall for wall, _ in times])
        cpu, _ = middle([cpu * 1e6 for _, cpu in times])
        print(f"  {name:10} {rate:7.0f} requests/s ±{spread:2.0f} %  {cpu:6.1f} us CPU/request")
    for one, other in (("ours", "bare ureq"), ("ours", "requests"), ("bare ureq", "requests")):
        pairs = zip(turns[one], turns[other], strict=True)
        ratio, spread = middle([b[0] / a[0] for a, b in pairs])
        print(f"  {f'{one} over {other}':24} {ratio:7.3f} ±{spread:2.0f} %")


def most_memory(program: str) -> str:
    """Send with this package in a new process, and return its peak memory."""
    server = Worker(program, "--serve")
    try:
        memory = [sys.executable, Path(__file__).with_name("put_memory.py"), server.read()]
        return subprocess.run(memory, check=True, stdout=subprocess.PIPE, text=True).stdout
    finally:
        server.stop()


def main() -> None:
    """Compare on one core, and on two if there are two."""
    pinned = hasattr(os, "sched_setaffinity")
    cores: list[int | None] = [*sorted(os.sched_getaffinity(0))] if pinned else [None]
    program = helper()
    print(f"PUT, {len(UPDATE.to_json())} bytes, {ROUNDS} rounds, medians")
    if pinned:
        print("client and server on one core, so that what is measured is the work")
    print_results(rounds(program, cores[0], cores[0]))
    print(f"  most memory of a Python that sends with ours alone: {most_memory(program).strip()}")
    if len(cores) > 1:
        print("on two cores, where each request waits for one that is idle to wake up")
        print_results(rounds(program, cores[1], cores[0]))


if __name__ == "__main__":
    main()
