"""An interpreter that exits while daemon threads wait in calls."""

import os
import subprocess
import sys

import pytest

import faults

# Long runs are for `make test-exit`.
RUNS = int(os.environ.get("DIGICERT_CONTACTS_EXIT_RUNS", "30"))
PROGRAM = """
import logging, sys, threading, time
from digicert_contacts import Client, Contact

class Slow(logging.Handler):
    # It lets go of the interpreter, with the call that is logged below it on the stack.
    def emit(self, record):
        time.sleep(0.02)

class SlowLevel(logging.Logger):
    def getEffectiveLevel(self):
        time.sleep(0.02)
        return super().getEffectiveLevel()

if "level" in sys.argv:
    logging.setLoggerClass(SlowLevel)
if "log" in sys.argv:
    logging.getLogger("digicert_contacts").addHandler(Slow())

client = Client("key", base_url=sys.argv[1], rate_limits=[])
jane = Contact("Jane", "Doe", "jane.doe@example.com")

def change():
    while True:
        try:
            client.update_contacts(1, technical=jane)
        except Exception:
            pass

threads = [threading.Thread(target=change, daemon=True) for _ in range(60)]
for thread in threads:
    thread.start()
time.sleep(float(sys.argv[2]))
"""


def end_of_a_program(server: faults.Server, seconds: float, *options: str) -> int:
    command = [sys.executable, "-c", PROGRAM, server.base_url, str(seconds), *options]
    ran = subprocess.run(command, capture_output=True, timeout=60, check=False)  # noqa: S603
    assert ran.stderr == b""
    return ran.returncode


def test_the_interpreter_exits_while_threads_wait() -> None:
    with faults.Server(faults.unavailable(30)) as server:
        ends = [end_of_a_program(server, 0.15) for _ in range(RUNS)]
    assert ends == [0] * RUNS


def test_the_interpreter_exits_while_threads_start_and_end() -> None:
    with faults.Server(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n") as server:
        ends = [end_of_a_program(server, 0.1) for _ in range(RUNS)]
    assert ends == [0] * RUNS


@pytest.mark.parametrize("option", ["log", "level"])
def test_the_interpreter_exits_while_threads_log(option: str) -> None:
    with faults.Server(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n") as server:
        ends = [end_of_a_program(server, 0.1, option) for _ in range(RUNS // 3)]
    assert ends == [0] * (RUNS // 3)
