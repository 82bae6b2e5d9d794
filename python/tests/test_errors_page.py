"""docs/errors.md matches the code: every row is provoked."""

import asyncio
import pickle
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import digicert_contacts
import faults
from digicert_contacts import (
    AsyncClient,
    CallCancelledError,
    Client,
    Contact,
    ContactsUpdate,
    DigicertContactsError,
    InputError,
    Plan,
    RequestError,
    ValidationError,
)
from digicert_contacts.testing import Sandbox

PAGE = (Path(__file__).parents[2] / "docs/errors.md").read_text(encoding="utf-8")
RUST = Path(__file__).parents[2] / "crates/contacts-py/src/error.rs"
ROW = re.compile(r"^\| `([^`]+)` \|(.*)\|$", re.MULTILINE)
REQUESTS, VALUES, MANY, PROBLEMS, CODES = (ROW.findall(part) for part in PAGE.split("\n## ")[1:])
JANE = Contact("Jane", "Doe", "jane.doe@example.com")


def answered(answer: bytes) -> None:
    with faults.Server(answer) as server:
        Client("key", base_url=server.base_url, max_retries=0).update_contacts(1, technical=JANE)


def status(code: int, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (code, len(body), body)


def no_report() -> None:
    with faults.Server(status(404, NO_ROUTE)) as server:
        Client("key", base_url=server.base_url).order_report()


def silence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = Client("key", base_url=f"http://127.0.0.1:{port}", timeout=0.2, max_retries=0)
        client.update_contacts(1, technical=JANE)


def a_report_that_pauses() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 99\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = Client("key", base_url=f"http://127.0.0.1:{port}", timeout=0.5, max_retries=0)

        def respond() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(head + b"order_id,status\n")
                connection.recv(1)

        threading.Thread(target=respond, daemon=True).start()
        client.order_report().read()


def unreachable(scheme: str = "http") -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = Client("key", base_url=f"{scheme}://127.0.0.1:{port}", max_retries=0)
    client.update_contacts(1, technical=JANE)


def no_tls() -> None:
    with faults.Server(b"this is no TLS\r\n\r\n", at_once=True) as server:
        url = server.base_url.replace("http:", "https:")
        Client("key", base_url=url, max_retries=0).update_contacts(1, technical=JANE)


def own_limit() -> None:
    with Sandbox() as sandbox:
        limits = digicert_contacts.RateLimits([(1, 60)], on_limit="raise")
        client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=limits)
        client.order(100000001)
        client.update_contacts(100000001, technical=JANE)


def no_store() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"redis://127.0.0.1:{port}"
    limits = digicert_contacts.RateLimits(on_limit="raise", url=url)
    Client("key", base_url="http://127.0.0.1:9", rate_limits=limits).order(1)


async def cancelled() -> None:
    with faults.Server(faults.unavailable(60)) as server:
        async with AsyncClient("key", base_url=server.base_url) as client:
            call = asyncio.ensure_future(client.update_contacts(1, technical=JANE))
            await server.wait_for_request()
            call.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await call
            assert isinstance(caught.value.__cause__, CallCancelledError)
            raise caught.value.__cause__ from None


NO_ROUTE = b'{"errors":[{"code":"not_found|route"}]}'
NO_KEY = b'{"errors":[{"code":"access_denied|access_denied_invalid_key"}]}'
NO_PERMISSION = b'{"errors":[{"code":"access_denied|missing_permission"}]}'
NOT_FOUND = b'{"errors":[{"code":"not_found|order","message":"No."}]}'
PAGE_OF_A_CDN = b"<html><head><title>Request blocked</title></head></html>"
PROVOKED: list[tuple[str, Callable[[], object], str]] = [
    ("CallCancelledError", lambda: asyncio.run(cancelled()), "unknown"),
    ("NoOrderReportError", no_report, "rejected"),
    ("PermissionDeniedError", lambda: answered(status(403, NO_PERMISSION)), "rejected"),
    ("AuthenticationError", lambda: answered(status(401, NO_KEY)), "rejected"),
    ("AuthenticationError", lambda: answered(status(403, NO_KEY)), "rejected"),
    ("RequestError", lambda: answered(status(403, b'{"message":"Forbidden"}')), "unknown"),
    ("RequestError", lambda: answered(status(401)), "unknown"),
    ("RequestError", lambda: answered(status(403, PAGE_OF_A_CDN)), "unknown"),
    ("RequestError", lambda: answered(status(404, PAGE_OF_A_CDN)), "rejected"),
    ("OrderNotFoundError", lambda: answered(status(404, NOT_FOUND)), "rejected"),
    ("RateLimitError", lambda: answered(status(429)), "rejected"),
    ("RateLimitError", own_limit, "not-sent"),
    ("RequestTimeoutError", silence, "unknown"),
    ("RequestTimeoutError", a_report_that_pauses, "rejected"),
    ("RequestError", no_store, "not-sent"),
    ("ConnectionFailedError", unreachable, "not-sent"),
    ("TlsError", no_tls, "not-sent"),
    ("RequestError", lambda: answered(status(404)), "rejected"),
    ("RequestError", lambda: answered(status(302)), "rejected"),
    ("RequestError", lambda: answered(status(500)), "unknown"),
    ("RequestError", lambda: answered(status(200)), "unknown"),
    ("RequestError", lambda: answered(b"garbage\r\n\r\n"), "unknown"),
]


@pytest.mark.parametrize(
    ("name", "provoke", "outcome"), PROVOKED, ids=[f"{n}-{o}" for n, _, o in PROVOKED]
)
def test_a_request_fails_as_the_page_says(
    name: str, provoke: Callable[[], object], outcome: str
) -> None:
    with pytest.raises(RequestError) as caught:
        provoke()
    error = caught.value
    assert (type(error).__name__, error.outcome) == (name, outcome)
    row = dict(REQUESTS)[name]
    assert f"`{outcome}`" in row.split("|")[-2], "the outcome stands in the table"
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert (type(copied), str(copied), vars(copied)) == (type(error), str(error), vars(error))


def test_every_row_is_provoked_and_every_exception_has_a_row() -> None:
    rows = [name for name, _ in REQUESTS]
    assert sorted(rows) == sorted({name for name, _, _ in PROVOKED})
    exported = [getattr(digicert_contacts, name) for name in dir(digicert_contacts)]
    exceptions = [
        cls.__name__
        for cls in exported
        if isinstance(cls, type)
        and issubclass(cls, DigicertContactsError)
        and cls is not DigicertContactsError
    ]
    assert sorted(rows + [name for name, _ in VALUES + MANY]) == sorted(exceptions)


def test_the_rows_have_the_order_of_the_code() -> None:
    text = RUST.read_text(encoding="utf-8")
    asked = re.findall(r"error\.(is_\w+|has_\w+)\(\) \{\n\s+class!\(py, \"(\w+)\"", text)
    in_table = [(re.findall(r"`(\w+)`", row)[0], name) for name, row in REQUESTS[:-1]]
    assert asked == in_table


def contact(**fields: object) -> dict[str, object]:
    return {**JANE.to_dict(), **fields}


BROKEN: dict[str, Callable[[], object]] = {
    "required": lambda: Contact.from_dict({"first_name": "Jane"}),
    "too-long": lambda: JANE.replace(job_title="x" * 65),
    "blank": lambda: JANE.replace(first_name=""),
    "surrounding-white-space": lambda: JANE.replace(first_name="Jane "),
    "control-character": lambda: JANE.replace(first_name="Ja\nne"),
    "bidi-control": lambda: JANE.replace(first_name="Ja\u202ene"),
    "invisible-character": lambda: JANE.replace(first_name="Ja\u200bne"),
    "email-format": lambda: JANE.replace(email="jane"),
    "email-dotless-domain": lambda: JANE.replace(email="jane@intranet"),
    "language-id-format": lambda: JANE.replace(language_id="en"),
    "unknown-contact-type": lambda: ContactsUpdate.from_dict(
        {"contacts": [contact(contact_type="billing")]}
    ),
    "duplicate-contact-type": lambda: ContactsUpdate.from_dict(
        {"contacts": [contact(contact_type="technical_contact")] * 2}
    ),
    "no-contact": lambda: ContactsUpdate.from_dict({}),
    "order-id-format": lambda: Client("key").order("x"),
    "unknown-field": lambda: Contact.from_dict(contact(phone="1")),
    "duplicate-field": lambda: Contact.from_json('{"email": "a@b.example", "email": ""}'),
    "wrong-type": lambda: Contact.from_dict(contact(email=5)),
    "lone-surrogate": lambda: Contact.from_dict(contact(email="\ud800")),
}


def test_every_code_has_a_row() -> None:
    assert [code for code, _ in CODES] == list(BROKEN)


@pytest.mark.parametrize("code", BROKEN)
def test_a_violation_has_the_code_on_the_page(code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BROKEN[code]()
    assert code in [violation.code for violation in caught.value.violations]
    copied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made here
    assert copied.violations == caught.value.violations


JANE_ROW = "100000001,technical_contact,Jane,Doe,jane.doe@example.com"
HEADER = "order_id,contact_type,first_name,last_name,email"
BROKEN_FILES: dict[str, bytes] = {
    "not-json": b"{",
    "json-array": b"[",
    "spreadsheet-number": f"{HEADER}\n1.23E+08,{JANE_ROW[10:]}\n".encode(),
    "spreadsheet-grouping": f'{HEADER}\n"100,000,001"{JANE_ROW[9:]}\n'.encode(),
    "spreadsheet-date": f"{HEADER}\n{JANE_ROW}\n".replace("Doe", "1-Feb").encode(),
    "spreadsheet-error": f"{HEADER}\n{JANE_ROW}\n".replace("Doe", "#N/A").encode(),
    "text-mark": f"{HEADER}\n'{JANE_ROW}\n".encode(),
    "number-sign": f"{HEADER}\n#{JANE_ROW}\n".encode(),
    "cell-count": f"{HEADER}\n{JANE_ROW},x\n".encode(),
    "not-utf-8": f"{HEADER}\n{JANE_ROW}".replace("Jane", "J\xe4ne").encode("latin-1"),
    "utf-16": f"{HEADER}\n{JANE_ROW}".encode("utf-16"),
    "spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "workbook": b"PK\x03\x04",
    "plan": b'{"format": "digicert-contacts-plan"}',
    "journal": b'{"format": "digicert-contacts-journal"}',
    "quoting": f'{HEADER}\n"{JANE_ROW}'.encode(),
    "empty-file": b"",
    "no-rows": f"{HEADER}\n".encode(),
    "no-lines": b"",
    "no-header": b"a\n",
    "unknown-column": f"{HEADER},x\n{JANE_ROW},\n".encode(),
    "unnamed-column": f"{HEADER},\n{JANE_ROW},x\n".encode(),
    "duplicate-column": f"{HEADER},email\n{JANE_ROW},\n".encode(),
    "missing-column": f"{HEADER[9:]}\n{JANE_ROW[10:]}\n".encode(),
}


def test_every_code_of_a_problem_has_a_row() -> None:
    assert [code for code, _ in PROBLEMS] == list(BROKEN_FILES)


@pytest.mark.parametrize("code", BROKEN_FILES)
def test_a_file_has_the_problem_on_the_page(code: str, tmp_path: Path) -> None:
    file = tmp_path / ("rows.jsonl" if code == "no-lines" else "rows.csv")
    file.write_bytes(BROKEN_FILES[code])
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(file)
    assert code in [problem.code for problem in caught.value.problems]


def no_source(_: Client, __: Path) -> None:
    digicert_contacts.check([{"order_id": 7}])


def no_plan(client: Client, folder: Path) -> None:
    (folder / "plan").write_text("{}")
    Plan.load(client, folder / "plan")


def no_journal(client: Client, folder: Path) -> None:
    (folder / "journal").write_text("{}\n")
    client.resume(folder / "journal")


def another_key(client: Client, folder: Path) -> None:
    rows = [{"order_id": 100000001, "technical_contact": JANE}]
    client.plan(rows).apply(journal=folder / "journal")
    Client("another", base_url=client.base_url).undo(folder / "journal")


def wrong_key(client: Client) -> Client:
    return Client("wrong", base_url=client.base_url)


def no_key(client: Client, _: Path) -> None:
    client = wrong_key(client)
    client.plan([{"order_id": 100000001, "technical_contact": JANE}])


async def cancelled_run(folder: Path) -> None:
    rows = [{"order_id": 100000001, "technical_contact": JANE}]
    with faults.Server(faults.unavailable(60)) as server:
        async with AsyncClient("key", base_url=server.base_url) as client:
            run = asyncio.ensure_future(client.apply(rows, journal=folder / "journal"))
            await server.wait_for_request()
            run.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await run
    assert isinstance(caught.value.__cause__, DigicertContactsError)
    raise caught.value.__cause__ from None


MANY_PROVOKED: dict[str, Callable[[Client, Path], object]] = {
    "InputError": no_source,
    "PlanFileError": no_plan,
    "JournalError": no_journal,
    "AccountMismatchError": another_key,
    "PlanStoppedError": no_key,
    "SearchStoppedError": lambda client, _: wrong_key(client).find("jane.doe@example.com"),
    "ExportStoppedError": lambda client, folder: wrong_key(client).export(folder / "contacts.csv"),
    "RunCancelledError": lambda _, folder: asyncio.run(cancelled_run(folder)),
}


def test_every_row_about_bulk_changes_is_provoked() -> None:
    assert [name for name, _ in MANY] == list(MANY_PROVOKED)


@pytest.mark.parametrize("name", MANY_PROVOKED)
def test_a_bulk_change_fails_as_the_page_says(name: str, client: Client, tmp_path: Path) -> None:
    with pytest.raises(DigicertContactsError) as caught:
        MANY_PROVOKED[name](client, tmp_path)
    error = caught.value
    assert type(error).__name__ == name
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert (type(copied), str(copied), vars(copied)) == (type(error), str(error), vars(error))
