"""Every kind of call of the package. If memory grows when a call is repeated, it leaks.

``test_growth.py`` measures it in the running interpreter, ``make leaks`` under valgrind.
"""

import asyncio
import contextlib
import copy
import importlib.util
import json
import logging
import pickle
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import digicert_contacts
from digicert_contacts import (
    AccessRole,
    AsyncClient,
    CallCancelledError,
    Client,
    ConfigurationError,
    ConnectionFailedError,
    Contact,
    ContactsUpdate,
    InputError,
    JournalError,
    Order,
    OrderContact,
    OrderNotFoundError,
    PlanFileError,
    Progress,
    RateLimitError,
    RateLimits,
    RequestError,
    User,
    ValidationError,
)
from digicert_contacts._core import Cancellation
from digicert_contacts.testing import Sandbox

ORDER = 100000001
JANE = {
    "first_name": "Jane",
    "last_name": "Doe",
    "email": "jane.doe@example.com",
    "telephone": "+49 89 1234567",
    "language_id": 1,
}
WRONG = {"first_name": " ", "last_name": "x" * 200, "email": "jane@", "phone": "1"}
ROWS = [{"order_id": order, "technical_contact": JANE} for order in (ORDER, ORDER + 1, ORDER + 5)]


@dataclass(frozen=True)
class World:
    """The objects that calls use."""

    sandbox: Sandbox
    client: Client
    folder: Path

    @classmethod
    @contextlib.contextmanager
    def new(cls) -> Iterator["World"]:
        """Create the objects, and clean up afterwards."""
        with (
            tempfile.TemporaryDirectory() as folder,
            Sandbox(rate_limits=[]) as sandbox,
            # No wait for a free slot; and a 429, which a fault makes, is an error at once.
            Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=RAISES) as client,
        ):
            yield cls(sandbox, client, Path(folder))


RAISES = RateLimits([], on_limit="raise")
CALLS: dict[str, Callable[[World], None]] = {}


def call(function: Callable[[World], None]) -> Callable[[World], None]:
    """Register the call by its name."""
    CALLS[function.__name__.replace("_", " ")] = function
    return function


def use(*_: object) -> None:
    """Take values, and drop them."""


@contextlib.contextmanager
def raises(*expected: type[Exception]) -> Iterator[None]:
    """Catch an exception, use all of it, and drop it."""
    try:
        yield
    except expected as error:
        str(error)
        repr(error)
        vars(error)
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    else:
        message = f"nothing was raised, {expected} was expected"
        raise AssertionError(message)


@call
def contacts(_: World) -> None:
    """Create, read, change, copy and pickle contacts."""
    made = Contact("Jane", "Doe", "jane.doe@example.com", job_title="SRE")
    for contact in (made, Contact.from_dict(JANE), Contact.from_json(json.dumps(JANE))):
        use(repr(contact), contact.show(), contact.to_dict(), contact.to_json(), hash(contact))
        use(copy.copy(contact), copy.deepcopy(contact))
        other = contact.replace(last_name="Roe", job_title=None)
        match other:
            case Contact(_, "Roe", email):
                assert other != contact != email
        assert pickle.loads(pickle.dumps(contact)) == contact  # noqa: S301 - our own


@call
def invalid_contacts(_: World) -> None:
    """From keywords, a dict and JSON."""
    with raises(ValidationError):
        Contact("Jane", "", "jane@", telephone="1" * 50)
    with raises(ValidationError):
        Contact.from_dict(WRONG)
    for text in (json.dumps(WRONG), "[", b"\xff"):
        with raises(ValidationError):
            Contact.from_json(text)
    with raises(TypeError):
        Contact("Jane", 7, "jane@example.com")  # type: ignore[arg-type]
    with raises(TypeError):
        Contact.from_dict({**JANE, "first_name": {1, 2}})
    with raises(ValidationError):
        Contact.from_dict(JANE).replace(email="jane")


@call
def updates(_: World) -> None:
    """In both forms, valid and invalid."""
    jane = Contact.from_dict(JANE)
    for update in (
        ContactsUpdate(technical=jane, organization=jane),
        ContactsUpdate.from_dict({"technical_contact": JANE}),
        ContactsUpdate.from_json(json.dumps({"organization_contact": JANE})),
    ):
        use(repr(update), update.show(), update.to_dict(), update.to_json(), hash(update))
        use(copy.copy(update), copy.deepcopy(update), update.technical, update.organization)
        update.replace(technical=jane, organization=None)
        assert pickle.loads(pickle.dumps(update)) == update  # noqa: S301 - our own
    with raises(TypeError):
        ContactsUpdate()
    with raises(ValidationError):
        ContactsUpdate.from_dict({"contacts": [WRONG, {"contact_type": "x"}, 5], "y": None})


@call
def orders_of_responses(_: World) -> None:
    """Parse responses and read them."""
    response = {"id": 7, "status": "issued", "technical_contact": JANE, "product": {"name_id": "x"}}
    order = Order.from_json(json.dumps(response))
    assert pickle.loads(pickle.dumps(order)) == order  # noqa: S301 - our own
    use(
        repr(order), hash(order), order.to_dict(), order.dv, copy.deepcopy(order), order.common_name
    )
    contact = order.contact("technical_contact")
    assert contact is not None
    assert pickle.loads(pickle.dumps(contact)) == contact  # noqa: S301 - our own
    use(repr(contact), contact.show(), contact.to_dict(), hash(contact), contact.job_title)
    with raises(ValueError):
        order.contact("boss")
    for text in ("[]", "{"):
        with raises(ValidationError):
            Order.from_json(text)
        with raises(ValidationError):
            OrderContact.from_json(text)


@call
def settings(_: World) -> None:
    """Rate limits, users, and clients with invalid settings."""
    limits = RateLimits([(50, 5), (7, 60.5)], on_limit="raise", file="limits.json")
    assert pickle.loads(pickle.dumps(limits)) == limits  # noqa: S301 - our own
    use(repr(limits), hash(limits), limits.windows, limits.on_limit, limits.file)
    user = User(1, "jane", 2, (AccessRole(100, "Orders"), AccessRole(None, None)))
    assert pickle.loads(pickle.dumps(user)) == user  # noqa: S301 - our own
    use(repr(user), hash(user), user.access_roles, user.username)
    repr(Client("key", user_agent_suffix="acme/2", proxy="direct", rate_limits=limits))
    repr(Client("key", default_headers={"x-a": "b"}).with_options(timeout=5).with_options())
    with raises(ConfigurationError):
        Client("key", default_headers={"host": "b"})
    with raises(ValueError):
        Client("key").with_options(rate_limit_wait=-1)
    with raises(ConfigurationError):
        Client("key\n")
    with raises(ConfigurationError):
        Client("key", base_url="http://example.com")
    with raises(ConfigurationError):
        Client("key", ca_bundle=__file__)
    with raises(TypeError):
        Client("key", rate_limits=[(1, "x")])  # type: ignore[list-item]
    with raises(TypeError):
        pickle.dumps(Client("key"))


@call
def requests(world: World) -> None:
    """Send requests that succeed, that fail validation, and that the server rejects."""
    client = world.client
    jane = Contact.from_dict(JANE)
    client.update_contacts(ORDER, technical=jane)
    client.update_contacts(str(ORDER), ContactsUpdate(technical=jane))
    assert client.order(ORDER).technical_contact is not None
    use(repr(client.whoami()), client.base_url)
    with raises(OrderNotFoundError):
        client.order(7)
    with client.with_options(timeout=5, max_retries=0, rate_limit_wait=1) as quick:
        use(quick.order(ORDER, timeout=4))
    with raises(RuntimeError):
        quick.order(ORDER)
    with raises(OrderNotFoundError):
        client.update_contacts(7, technical=jane)
    with raises(ValidationError):
        client.order("../x")
    with raises(TypeError):
        client.update_contacts(ORDER)
    with raises(digicert_contacts.AuthenticationError):
        Client("other", base_url=world.sandbox.base_url).whoami()


@call
def failed_responses(world: World) -> None:
    """Use a failing server, an unreachable server, and a closed client."""
    quick = Client(
        world.sandbox.api_key,
        base_url=world.sandbox.base_url,
        max_retries=0,
        rate_limits=RAISES,
    )
    world.sandbox.add_fault("status", status=429, method="PUT", next=1)
    with raises(RateLimitError):
        quick.update_contacts(ORDER, technical=Contact.from_dict(JANE))
    for fault, settings in (
        ("status", {"status": 503}),
        ("html", {}),
        ("redirect", {"location": "https://example.com"}),
        ("close", {}),
        ("half", {}),
        ("reset", {}),
    ):
        world.sandbox.add_fault(fault, **settings, next=1)  # type: ignore[arg-type]
        with contextlib.suppress(RequestError):
            quick.order(ORDER)
    world.sandbox.clear_faults()
    quick.close()
    with raises(RuntimeError):
        quick.order(ORDER)
    with socket.create_server(("127.0.0.1", 0)) as server:
        unreachable = f"http://127.0.0.1:{server.getsockname()[1]}"
    with raises(ConnectionFailedError):
        Client("key", base_url=unreachable, max_retries=0).order(ORDER)


@call
def lists(world: World) -> None:
    """Complete lists, partial lists, and the report."""
    assert sum(1 for _ in world.client.orders()) > len(ROWS)
    assert next(iter(world.client.orders(status="issued"))).id is not None
    half = world.client.orders()
    half.take(3)
    next(half)
    for _ in world.client.order_report().rows():
        break
    assert list(world.client.order_report().rows())
    cancelled = Cancellation()
    cancelled.cancel()
    with raises(CallCancelledError):
        cancelled.run(world.client.order, ORDER)


@call
def calls_of_asyncio(world: World) -> None:
    """Make calls that succeed, fail, are abandoned and are cancelled."""

    async def calls() -> None:
        url = world.sandbox.base_url
        async with AsyncClient(world.sandbox.api_key, base_url=url, rate_limits=[]) as client:
            await client.update_contacts(ORDER, technical=Contact.from_dict(JANE))
            async for order in client.orders():
                assert order.id is not None
                break
            with raises(OrderNotFoundError):
                await client.order(7)
            task = asyncio.create_task(client.order(ORDER))
            await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    asyncio.run(calls())


@call
def runs_of_asyncio(world: World) -> None:
    """Plan, apply, cancel and resume, with progress on the event loop."""

    async def calls() -> None:
        url = world.sandbox.base_url
        journal = world.folder / "async.jsonl"
        async with AsyncClient(world.sandbox.api_key, base_url=url, rate_limits=[]) as client:
            tasks: list[asyncio.Task[digicert_contacts.Report]] = []

            async def progress(_: Progress) -> None:
                tasks[0].cancel()

            plan = await client.plan(ROWS)
            tasks.append(asyncio.create_task(plan.apply(journal=journal, progress=progress)))
            try:
                await tasks[0]
            except asyncio.CancelledError as error:
                use(pickle.loads(pickle.dumps(error.__cause__)))  # noqa: S301 - our own
            await client.resume(journal)
            await (await client.undo(journal)).apply(journal=None)
            (await client.find("jane.doe@example.com")).replace(JANE)
        journal.unlink()

    asyncio.run(calls())


@call
def sandboxes(world: World) -> None:
    """Inspect a sandbox, advance its clock, save and restore it."""
    sandbox = world.sandbox
    use(
        sandbox.order(ORDER), sandbox.order(7), sandbox.requests(), sandbox.log(), sandbox.changes()
    )
    use(sandbox.history(ORDER), sandbox.state())
    sandbox.remove_fault(sandbox.add_fault("delay", seconds=0.0, orders=[ORDER]))
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        sandbox.save(f"{folder}/state.json")
        sandbox.restore(f"{folder}/state.json")
    with Sandbox(manual_clock=True, admin=True, orders=20) as other:
        other.advance(1.5)
        repr(other.admin_url)
    with raises(ValueError):
        sandbox.add_fault("status", probability=7.0)


@call
def checks(world: World) -> None:
    """Files and rows, valid and invalid."""
    header = "order_id,contact_type,first_name,last_name,email\n"
    right = f"{ORDER},technical_contact,Jane,Doe,jane.doe@example.com\n"
    file = world.folder / "rows.csv"
    file.write_text(header + right)
    digicert_contacts.check(file)
    digicert_contacts.check(ROWS)
    file.write_text(header + right + "x,boss,,Doe,jane@\n" * 3)
    for wrong in (file, [{"order_id": 7, "technical_contact": WRONG}], [{"order_id": "x"}]):
        with raises(InputError):
            digicert_contacts.check(wrong)
    with raises(TypeError):
        digicert_contacts.check([{"order_id": object()}])
    if importlib.util.find_spec("pyarrow") is None:
        return
    arrow: Any = importlib.import_module("pyarrow")
    flat = {"order_id": [ORDER], "contact_type": ["technical_contact"], **_columns()}
    digicert_contacts.check(arrow.table(flat))
    with raises(InputError):
        digicert_contacts.check(arrow.table({**flat, "email": ["jane@"]}))


def _columns() -> dict[str, list[object]]:
    return {name: [value] for name, value in JANE.items() if name != "language_id"}


@call
def runs(world: World) -> None:
    """Plan, save, apply, interrupt, resume, undo; and damaged files."""

    def stop(_: Progress) -> None:
        message = "enough"
        raise LookupError(message)

    client = world.client
    with tempfile.TemporaryDirectory(dir=world.folder) as name:
        folder = Path(name)
        with raises(LookupError):
            client.plan(ROWS, progress=stop)
        plan = client.plan(ROWS, progress=lambda _: None)
        use(
            repr(plan),
            plan.summary,
            plan.not_restorable,
            plan.digest,
            [order.changes for order in plan.orders],
        )
        plan.save(folder / "plan.json")
        plan = digicert_contacts.Plan.load(client, folder / "plan.json")
        with raises(LookupError):
            plan.apply(journal=folder / "run.jsonl", progress=stop)
        with raises(RuntimeError):
            plan.apply(journal=None)
        report = client.resume(folder / "run.jsonl")
        use(repr(report), report.summary, report.to_dicts())
        back = client.undo(folder / "run.jsonl")
        back.apply(journal=folder / "back.jsonl", concurrency=2, refresh=False)
        for damaged, error in (("plan.json", PlanFileError), ("run.jsonl", JournalError)):
            file = folder / damaged
            file.write_bytes(file.read_bytes().replace(b"Jane", b"June"))
            with raises(error):
                if error is PlanFileError:
                    digicert_contacts.Plan.load(client, file)
                else:
                    client.undo(file)


@call
def runs_of_workers(world: World) -> None:
    """Have another thread change an order; succeed, fail and raise."""

    def give_up(order: str) -> str:
        raise RequestError(order[:9])

    def fail(order: str) -> str:
        raise LookupError(order[:9])

    client = world.client
    for first_name, send in (("Jane", client.send_planned), ("John", give_up), ("John", fail)):
        row = {"order_id": ORDER, "technical_contact": {**JANE, "first_name": first_name}}
        with raises(LookupError) if send is fail else contextlib.nullcontext():
            client.apply([row], journal=None, send=send, verify=False)
        for thread in threading.enumerate():
            if thread.name == "digicert_contacts":
                thread.join()
    world.client.update_contacts(ORDER, technical=JANE | {"first_name": "Jim"})
    with raises(PlanFileError):
        client.send_planned("{}")


@call
def searches(world: World) -> None:
    """Find, replace, apply at once and export; succeed, be interrupted and fail."""

    def stop(_: Progress) -> None:
        message = "enough"
        raise LookupError(message)

    client = world.client
    found = client.find("jane.doe@example.com", "Robin Leaver", progress=lambda _: None)
    use(repr(found), found.to_dicts(), found.sources, found.failed, found.replace(JANE))
    plan = client.replace({"robin.leaver@example.com": JANE})
    use(repr(plan), plan.search, plan.estimate(verify=False))
    client.apply(ROWS, journal=None)
    for wrong in ("", "robin@"):
        with raises(ValueError):
            client.find(wrong)
    with raises(LookupError):
        client.find("Robin", progress=stop)
    with tempfile.TemporaryDirectory(dir=world.folder) as name:
        file = Path(name, "contacts.csv")
        with raises(LookupError):
            client.export(file, progress=stop)
        use(client.export(file))
        with raises(FileExistsError):
            client.export(file)
    other = Client("other", base_url=world.sandbox.base_url)
    with raises(digicert_contacts.SearchStoppedError):
        other.find("Robin")
    with raises(digicert_contacts.ExportStoppedError):
        other.export(world.folder / "other.csv")


@contextlib.contextmanager
def all_events_handled() -> Iterator[None]:
    """Handle every log event, so that logging is covered as well."""
    logger = logging.getLogger("digicert_contacts")
    handler = logging.NullHandler()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
