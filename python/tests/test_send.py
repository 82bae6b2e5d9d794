"""Runs whose orders are changed by other processes: the option ``send``."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from digicert_contacts import (
    AccountMismatchError,
    Client,
    Contact,
    PlanFileError,
    RateLimitError,
    RequestError,
    RequestTimeoutError,
)
from digicert_contacts.testing import Sandbox

JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
FIRST = 100000001
ROWS = [{"order_id": FIRST + n, "technical_contact": JANE} for n in range(4)]


def client_of(sandbox: Sandbox) -> Client:
    return Client(sandbox.api_key, base_url=sandbox.base_url, max_retries=0)


def methods(sandbox: Sandbox) -> list[str]:
    return [method for method, *_ in sandbox.requests()]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_the_worker_changes_each_order_and_the_run_keeps_the_journal(
    sandbox: Sandbox, client: Client, tmp_path: Path, concurrency: int
) -> None:
    worker, threads = client_of(sandbox), set[str]()

    def send(order: str) -> str:
        threads.add(threading.current_thread().name)
        return worker.send_planned(order)

    journal = tmp_path / "run.jsonl"
    report = client.plan(ROWS).apply(journal=journal, send=send, concurrency=concurrency)
    assert (report.summary.changed, report.summary.verified) == (4, 4)
    assert methods(sandbox).count("PUT") == 4
    assert len(sandbox.requests()) == 16, "planned, compared, changed and verified"
    assert threads == {"digicert_contacts"}
    undo = client.undo(journal).apply(journal=None, send=send)
    assert (undo.summary.changed, undo.summary.verified) == (4, 4)


def test_without_a_plan_each_order_is_read_before_it_is_sent(
    sandbox: Sandbox, client: Client, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"
    send = client_of(sandbox).send_planned
    report = client.apply(ROWS, journal=journal, send=send, verify=False)
    assert report.summary.changed == 4
    assert methods(sandbox) == ["GET", "GET", "PUT"] * 4
    assert client.undo(journal).summary.changes == 4


def test_an_order_that_changed_in_the_meantime_is_a_conflict(
    sandbox: Sandbox, client: Client
) -> None:
    worker = client_of(sandbox)

    def send(order: str) -> str:
        worker.update_contacts(FIRST, technical=Contact("Mallory", "M", "mallory@example.com"))
        return worker.send_planned(order)

    report = client.plan(ROWS[:1]).apply(journal=None, send=send)
    assert report.orders[0].result == "conflict"
    assert report.orders[0].conflicts[0].now == "Mallory"
    assert methods(sandbox).count("PUT") == 1


def test_an_order_that_is_delivered_again_is_read_and_not_sent_again(
    sandbox: Sandbox, client: Client
) -> None:
    worker = client_of(sandbox)

    def send(order: str) -> str:
        worker.send_planned(order)
        return worker.send_planned(order)

    report = client.plan(ROWS[:1]).apply(journal=None, send=send)
    assert report.orders[0].verification == "verified-without-answer"
    assert methods(sandbox).count("PUT") == 1


def test_a_rejected_update_is_a_result_and_the_run_continues(
    sandbox: Sandbox, client: Client
) -> None:
    sandbox.add_fault("status", status=400, method="PUT", orders=[FIRST])
    report = client.plan(ROWS).apply(journal=None, send=client_of(sandbox).send_planned)
    failure = report.orders[0].failure
    assert failure is not None
    assert (failure.outcome, report.summary.changed) == ("rejected", 3)


def test_a_worker_gets_an_exception_if_a_later_call_may_succeed(
    sandbox: Sandbox, client: Client
) -> None:
    worker, waits, statuses = client_of(sandbox), list[float | None](), list[int | None]()
    sandbox.add_fault("status", status=429, next=1, method="PUT")
    sandbox.add_fault("status", status=503, next=1, method="PUT")

    def deliver(order: str) -> str | None:
        try:
            return worker.send_planned(order)
        except RateLimitError as error:
            waits.append(error.retry_after)
            time.sleep(error.retry_after or 0)
        except RequestError as error:
            statuses.append(error.status_code)
        return None

    def send(order: str) -> str:
        return next(filter(None, (deliver(order) for _ in range(9))))

    report = client.plan(ROWS[:1]).apply(journal=None, send=send)
    assert report.summary.changed == 1
    assert len(waits) >= 1
    assert statuses == [503]


def test_a_worker_that_gives_up_leaves_an_unknown_outcome(
    sandbox: Sandbox, client: Client, tmp_path: Path
) -> None:
    def timeout(order: str) -> str:
        assert order
        message = "no answer"
        raise RequestTimeoutError(message)

    journal = tmp_path / "run.jsonl"
    report = client.plan(ROWS).apply(journal=journal, send=timeout)
    failure = report.orders[0].failure
    assert failure is not None
    assert (failure.kind, failure.outcome, failure.message) == (
        "unavailable",
        "unknown",
        "no answer",
    )
    assert report.stopped == failure, "after three in a row"
    resumed = client.resume(journal, send=client_of(sandbox).send_planned)
    assert (resumed.summary.changed, resumed.all_done) == (4, True)


@pytest.mark.parametrize(
    ("send", "error", "message"),
    [
        (lambda _: 1 // 0, ZeroDivisionError, "division"),
        (
            lambda _: None,
            TypeError,
            "send must return the str of Client.send_planned, not NoneType",
        ),
        (lambda _: "Traceback", ValueError, "order 100000001: the worker's answer is not"),
    ],
    ids=["raises", "no-text", "no-result"],
)
def test_another_failure_stops_the_run_which_can_be_resumed(
    sandbox: Sandbox,
    tmp_path: Path,
    send: Callable[[str], str],
    error: type[Exception],
    message: str,
) -> None:
    journal, client = tmp_path / "run.jsonl", client_of(sandbox)
    with pytest.raises(error, match=message):
        client.plan(ROWS).apply(journal=journal, send=send)
    resumed = client.resume(journal, send=client.send_planned)
    assert (resumed.summary.changed, resumed.all_done) == (4, True)


def test_what_is_not_a_function_or_contradicts_it_is_rejected(client: Client) -> None:
    plan = client.plan(ROWS)
    with pytest.raises(TypeError, match="send must be a function, not int"):
        plan.apply(journal=None, send=1)  # type: ignore[typeddict-item, arg-type, unused-ignore]
    with pytest.raises(ValueError, match="send always compares an order"):
        plan.apply(journal=None, send=client.send_planned, refresh=False)
    assert plan.apply(journal=None, send=None).all_done


def test_a_worker_rejects_what_is_not_an_order_of_its_account(
    sandbox: Sandbox, client: Client
) -> None:
    orders: list[str] = []

    def keep(order: str) -> str:
        orders.append(order)
        return client.send_planned(order)

    client.plan(ROWS[:1]).apply(journal=None, send=keep)
    other = Client("key", base_url="https://example.com/services/v2")
    with pytest.raises(AccountMismatchError, match="`order`: "):
        other.send_planned(orders[0])
    with pytest.raises(PlanFileError, match="digest"):
        client.send_planned(orders[0].replace("Jane", "John"))
    with pytest.raises(PlanFileError, match="not a plan"):
        client.send_planned("{}")
    assert methods(sandbox).count("PUT") == 1


PROGRAM = """
import sys, time
from digicert_contacts import Client

client = Client(sys.argv[1], base_url=sys.argv[2])
jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
rows = [{"order_id": 100000001 + n, "technical_contact": jane} for n in range(4)]

def send(order):
    print("sent", flush=True)
    time.sleep(600)

try:
    client.plan(rows).apply(journal=sys.argv[3], send=send, concurrency=2)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_does_not_wait_for_the_workers(
    sandbox: Sandbox, client: Client, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"
    command = [sys.executable, "-c", PROGRAM, sandbox.api_key, sandbox.base_url, str(journal)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["sent\n"] * 2
        os.kill(process.pid, signal.SIGINT)
        started = time.monotonic()
        assert process.stdout.readline() == "interrupted\n"
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - started < 2
    resumed = client.resume(journal, send=client_of(sandbox).send_planned)
    assert (resumed.summary.changed, resumed.all_done) == (4, True)
