"""What is logged, and what is never logged."""

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

import faults
from digicert_contacts import Client, Contact, RequestError
from digicert_contacts.testing import Sandbox

MARKER = Contact("Markerfirst", "Markerlast", "marker@example.com", telephone="Marker 5")


MILLISECONDS = re.compile(r"in \d+ ms")


def shown(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the levels and messages, without times."""
    lines = [f"{record.levelname} {record.getMessage()}" for record in caplog.records]
    return [MILLISECONDS.sub("in 1 ms", line) for line in lines]


def test_requests_are_logged_at_debug_and_failed_calls_as_warnings(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="digicert_contacts")
    client.update_contacts(100000001, technical=MARKER)
    with pytest.raises(RequestError):
        client.order(7)
    failure = "the server answered 404: not_found|order: The order does not exist in this account."
    assert shown(caplog) == [
        "DEBUG PUT order/certificate/100000001/contact: attempt 1",
        "DEBUG PUT order/certificate/100000001/contact: attempt 1: 204 in 1 ms",
        "DEBUG GET order/certificate/7: attempt 1",
        f"DEBUG GET order/certificate/7: attempt 1: 404 in 1 ms: {failure}",
        f"WARNING order 7 could not be read: {failure} [outcome rejected]",
    ]
    assert {record.name for record in caplog.records} == {"digicert_contacts"}
    assert caplog.records[0].filename == "test_logging.py"


def test_a_run_is_logged_at_info_as_documented(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="digicert_contacts")
    client.apply([{"order_id": 100000001, "technical_contact": MARKER}], journal=None)
    page = (Path(__file__).parents[2] / "docs/python.md").read_text(encoding="utf-8")
    block = page.partition("```text\nINFO run: started: ")[2].partition("\n```")[0]
    documented = MILLISECONDS.sub("in 1 ms", f"INFO run: started: {block}")
    assert shown(caplog) == documented.splitlines()


def test_a_plan_and_a_run_that_stops_are_logged(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="digicert_contacts")
    client = Client(sandbox.api_key, base_url=sandbox.base_url, max_retries=0)
    rows = [{"order_id": 100000001 + n, "technical_contact": MARKER} for n in range(2)]
    plan = client.plan(rows)
    rejected = {"errors": [{"code": "access_denied|invalid_key", "message": ""}]}
    sandbox.add_fault("status", status=401, body=rejected, method="PUT")
    plan.apply(journal=None)
    lines = shown(caplog)
    assert lines[:3] == [
        "INFO plan: 2 orders to read",
        "INFO plan: finished: 2 orders: 2 to change",
        "INFO run: started: 2 orders, 2 remaining",
    ]
    assert lines[3].startswith("WARNING the contacts of order 100000001 could not be changed: ")
    assert lines[-1].startswith("WARNING run: stopped: ")
    assert lines[-1].endswith("; 2 orders: 1 failed, 1 skipped")
    assert "marker" not in caplog.text.lower()


def test_a_429_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    def stop(_: object) -> None:
        raise TimeoutError

    answer = b"HTTP/1.1 429 No\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n"
    with faults.Server(answer) as server:
        client = Client("key", base_url=server.base_url, event_hooks={"retry": stop})
        with pytest.raises(TimeoutError):
            client.order(1)
    throttled = "GET order/certificate/1: attempt 1: throttled, no request starts for 9.0 s: "
    assert shown(caplog)[0].startswith(f"WARNING {throttled}")


def test_the_log_level_is_read_before_each_call(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="digicert_contacts")
    client.order(100000001)
    assert caplog.messages == []
    caplog.set_level(logging.DEBUG, logger="digicert_contacts")
    client.order(100000001)
    assert len(caplog.messages) == 2


def test_no_key_and_no_value_is_logged_even_if_the_server_repeats_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    values = b"Markerfirst Markerlast marker@example.com Marker 5 marker-key"
    body = b'{"errors":[{"code":"x","message":"%s"}]}' % values
    head = b"HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n" % len(body)
    with faults.Server(head + body) as server, pytest.raises(RequestError) as caught:
        Client("marker-key", base_url=server.base_url).update_contacts(1, technical=MARKER)
    assert len(caplog.records) == 3
    assert "marker" not in caplog.text.lower().replace("test_logging", "")
    assert "marker" not in f"{caught.value!r} {vars(caught.value)}".lower()


def test_no_key_and_no_value_is_in_a_traceback_with_locals(sandbox: Sandbox) -> None:
    program = """
import sys, traceback
from digicert_contacts import Client, Contact, ContactsUpdate
def main(base_url):
    client = Client("marker" + "-key", base_url=base_url)
    update = ContactsUpdate(technical=Contact("Marker" + "first", "Marker" + "last", "m@x.example"))
    client.update_contacts(100000001, update)
try:
    main(sys.argv[1])
except Exception as error:
    records = traceback.TracebackException.from_exception(error, capture_locals=True)
    print("".join(records.format()))
"""
    command = [sys.executable, "-c", program, sandbox.base_url]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert "AuthenticationError" in ran.stdout
    assert "update = <ContactsUpdate with technical_contact>" in ran.stdout
    assert "marker-key" not in ran.stdout
    assert "Markerfirst" not in ran.stdout


def test_a_program_without_logging_logs_nothing_and_does_not_import_it(sandbox: Sandbox) -> None:
    program = """
import sys
from digicert_contacts import Client, RequestError
try:
    Client("wrong", base_url=sys.argv[1]).order(1)
except RequestError:
    pass
print(sorted({"logging", "asyncio", "csv", "json"} & set(sys.modules)))
import logging
try:
    Client("wrong", base_url=sys.argv[1]).order(1)
except RequestError:
    pass
"""
    command = [sys.executable, "-I", "-c", program, sandbox.base_url]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_a_listed_order_without_an_id_is_skipped_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = b'{"orders": [{"id": " 7 "}, {"id": "x"}, {"id": 8.0}], "page": {"total": 3}}'
    with faults.Server(faults.ok(body)) as server:
        client = Client("key", base_url=server.base_url)
        assert [order.id for order in client.orders()] == [7, 8]
    warnings = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert warnings == ["a listed order has no readable id and is skipped"]
