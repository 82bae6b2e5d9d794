"""Signals, threads and processes while a call waits."""

import multiprocessing
import signal
import subprocess
import sys
import threading
import time

import pytest

import faults
import work
from digicert_contacts import Client, Contact, Order, OrderNotFoundError
from digicert_contacts.testing import Sandbox

JANE = Contact("Jane", "Doe", "jane.doe@example.com")

WAITS = """
import sys, threading, time
from digicert_contacts import Client, Contact
client = Client("key", base_url=sys.argv[1])
try:
    client.update_contacts(1, technical=Contact("Jane", "Doe", "jane.doe@example.com"))
except KeyboardInterrupt:
    print(time.time())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child alone")
def test_ctrl_c_ends_a_wait_at_once() -> None:
    with faults.Server(faults.unavailable(60)) as server:
        command = [sys.executable, "-c", WAITS, server.base_url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            deadline = time.monotonic() + 10
            while not server.requests and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.2)
            start = time.time()
            process.send_signal(signal.SIGINT)
            ended, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert float(ended) - start < 0.3, "0.1 s, plus time for a busy machine"


def test_other_threads_run_while_one_waits() -> None:
    with faults.Server(b"HTTP/1.1 204 X\r\n\r\n", delay=0.3) as server:
        client = Client("key", base_url=server.base_url)
        call = threading.Thread(
            target=client.update_contacts, args=(1,), kwargs={"technical": JANE}
        )
        call.start()
        count = 0
        while call.is_alive():
            time.sleep(0.001)
            count += 1
    assert count > 50


def test_sixteen_threads_can_share_a_client(sandbox: Sandbox) -> None:
    client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=[])

    def change() -> None:
        for _ in range(5):
            client.update_contacts(100000001, technical=JANE)

    threads = [threading.Thread(target=change) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for _, _, status in sandbox.requests()] == [204] * 80


@pytest.mark.parametrize("method", ["spawn", "fork"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_updates_orders_and_errors_cross_process_boundaries(sandbox: Sandbox, method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("not on this system")
    with multiprocessing.get_context(method).Pool(2) as pool:
        arguments = (sandbox.base_url, sandbox.api_key)
        order = pool.apply(work.change_and_read, (*arguments, JANE))
        assert order.technical_contact is not None
        assert order.technical_contact.first_name == "Jane"
        with pytest.raises(OrderNotFoundError) as caught:
            pool.apply(work.fail, arguments)
    assert (caught.value.status_code, caught.value.errors[0].code) == (404, "not_found|order")


def test_a_wait_for_the_rate_limit_in_a_thread_does_not_consume_a_signal(sandbox: Sandbox) -> None:
    client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=[(1, 0.2)])
    done: list[Order] = []

    def read() -> None:
        done.extend(client.order(100000001) for _ in range(3))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert len(done) == 3
