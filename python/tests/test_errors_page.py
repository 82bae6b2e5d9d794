"""docs/errors.md says what the code does: every row of it is provoked."""

import asyncio
import pickle
import re
import socket
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
    RequestError,
    ValidationError,
)
from digicert_contacts.testing import Sandbox

PAGE = (Path(__file__).parents[2] / "docs/errors.md").read_text(encoding="utf-8")
RUST = Path(__file__).parents[2] / "crates/contacts-py/src/error.rs"
ROW = re.compile(r"^\| `([^`]+)` \|(.*)\|$", re.MULTILINE)
REQUESTS, VALUES, CODES = (ROW.findall(part) for part in PAGE.split("\n## ")[1:])
JANE = Contact("Jane", "Doe", "jane.doe@example.com")


def answered(answer: bytes) -> None:
    with faults.Server(answer) as server:
        Client("key", base_url=server.base_url, max_retries=0).update_contacts(1, technical=JANE)


def status(code: int, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (code, len(body), body)


def no_report() -> None:
    with faults.Server(status(404)) as server:
        Client("key", base_url=server.base_url).order_report()


def silence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = Client("key", base_url=f"http://127.0.0.1:{port}", timeout=0.2, max_retries=0)
        client.update_contacts(1, technical=JANE)


def nobody(scheme: str = "http") -> None:
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


NOT_FOUND = b'{"errors":[{"code":"not_found|order","message":"No."}]}'
PROVOKED: list[tuple[str, Callable[[], object], str]] = [
    ("CallCancelledError", lambda: asyncio.run(cancelled()), "unknown"),
    ("NoOrderReportError", no_report, "rejected"),
    ("AuthenticationError", lambda: answered(status(401)), "rejected"),
    ("AuthenticationError", lambda: answered(status(403)), "rejected"),
    ("OrderNotFoundError", lambda: answered(status(404, NOT_FOUND)), "rejected"),
    ("RateLimitError", lambda: answered(status(429)), "rejected"),
    ("RateLimitError", own_limit, "not-sent"),
    ("RequestTimeoutError", silence, "unknown"),
    ("ConnectionFailedError", nobody, "not-sent"),
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
    exported = [getattr(digicert_contacts, name) for name in digicert_contacts.__all__]
    exceptions = [
        cls.__name__
        for cls in exported
        if isinstance(cls, type)
        and issubclass(cls, DigicertContactsError)
        and cls is not DigicertContactsError
    ]
    assert sorted(rows + [name for name, _ in VALUES]) == sorted(exceptions)


def test_the_rows_stand_in_the_order_in_which_the_code_asks() -> None:
    text = RUST.read_text(encoding="utf-8")
    asked = re.findall(r"error\.(is_\w+|has_\w+)\(\) \{\n\s+\"(\w+)\"", text)
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
def test_a_rule_is_broken_as_the_page_says(code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BROKEN[code]()
    assert code in [violation.code for violation in caught.value.violations]
    copied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made here
    assert copied.violations == caught.value.violations
