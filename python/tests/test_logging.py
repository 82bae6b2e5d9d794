"""What is logged, and what is never logged."""

import logging
import subprocess
import sys

import pytest

import faults
from digicert_contacts import Client, Contact, RequestError
from digicert_contacts.testing import Sandbox

MARKER = Contact("Markerfirst", "Markerlast", "marker@example.com", telephone="Marker 5")


def test_calls_are_logged_at_their_levels(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="digicert_contacts")
    client.update_contacts(100000001, technical=MARKER)
    with pytest.raises(RequestError):
        client.update_contacts(7, technical=MARKER)
    records = [(r.name, r.levelname) for r in caplog.records]
    levels = ["DEBUG", "INFO", "DEBUG", "DEBUG", "WARNING"]
    assert records == [("digicert_contacts", level) for level in levels]
    assert caplog.messages[0] == "PUT order/certificate/100000001/contact: attempt 1"
    done = "PUT order/certificate/100000001/contact: succeeded on attempt 1 in "
    assert caplog.messages[1].startswith(done)
    assert caplog.records[0].filename == "test_logging.py"


def test_the_log_level_is_read_before_each_call(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="digicert_contacts")
    client.order(100000001)
    assert caplog.messages == []
    caplog.set_level(logging.INFO, logger="digicert_contacts")
    client.order(100000001)
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith(
        "GET order/certificate/100000001: succeeded on attempt 1 in "
    )


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
