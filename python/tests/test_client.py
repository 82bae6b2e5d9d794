"""The client against a sandbox."""

import os
import pickle
import socket
import threading

import pytest

import faults
from digicert_contacts import (
    AuthenticationError,
    Client,
    ConfigurationError,
    ConnectionFailedError,
    Contact,
    ContactsUpdate,
    ContactType,
    OrderNotFoundError,
    RequestError,
    RequestTimeoutError,
    ValidationError,
)
from digicert_contacts.testing import Sandbox

JANE = Contact("Jane", "Doe", "jane.doe@example.com")
ZOE = Contact("Zoë", "陳", "zoe@example.com", telephone="+1 555 0100")


def test_contacts_are_changed_and_read_again(client: Client) -> None:
    before = client.order(100000001)
    assert (before.id, before.status, before.dv) == (100000001, "issued", False)
    assert before.common_name == "www.example.com"
    client.update_contacts(100000001, technical=ZOE)
    client.update_contacts("100000001", ContactsUpdate(organization=JANE))
    after = client.order("100000001")
    assert after != before
    assert after.technical_contact is not None
    assert after.technical_contact.first_name == "Zoë"
    assert after.technical_contact.job_title == "Platform Engineer", "omitted, so unchanged"
    assert after.organization_contact == after.contact(ContactType.ORGANIZATION)
    assert repr(after) == "<Order 100000001>"
    assert "Zo" not in repr(after.technical_contact)


def test_contacts_can_be_dicts(client: Client) -> None:
    client.update_contacts(100000001, technical=ZOE.to_dict(), organization=JANE)
    client.update_contacts(100000002, {"technical_contact": ZOE.to_dict()})
    for number in (100000001, 100000002):
        contact = client.order(number).technical_contact
        assert contact is not None
        assert contact.to_contact() == ZOE.replace(job_title=contact.job_title)
    with pytest.raises(ValidationError, match=r"^technical_contact\.email: required") as caught:
        client.update_contacts(100000001, technical={"first_name": "J", "last_name": "D"})
    assert len(caught.value.violations) == 1
    for update in (JANE, "Jane", [JANE]):
        with pytest.raises(TypeError, match=r"^update must be a ContactsUpdate or a mapping"):
            client.update_contacts(100000001, update)  # type: ignore[arg-type]


def test_an_order_without_a_technical_contact(client: Client) -> None:
    assert client.order(100000005).technical_contact is None


def test_orders_are_listed_once(client: Client) -> None:
    ids = list(range(100000001, 100000015))
    assert [order.id for order in client.orders()] == ids
    assert list(client.orders()) == client.orders().list()
    orders = client.orders()
    assert next(orders).id == ids[0]
    assert [order.id for order in orders.list()] == ids[1:]
    assert orders.list() == list(orders) == []


def test_a_list_of_orders_that_is_not_complete_is_an_error() -> None:
    with Sandbox(orders=1500) as sandbox:
        client = Client(sandbox.api_key, base_url=sandbox.base_url)
        orders = client.orders()
        orders.take(1)
        sandbox.add_fault("status", status=418)
        with pytest.raises(RequestError, match="418"):
            orders.list()
        assert orders.list() == [], "the iteration has ended"


def test_an_order_without_an_id_has_the_id_of_the_request() -> None:
    with faults.Server(faults.ok(b'{"status": "issued"}')) as server:
        client = Client("key", base_url=server.base_url)
        order = client.order("7")
        assert (order.id, repr(order), order.to_dict()) == (
            7,
            "<Order 7>",
            {"id": 7, "status": "issued"},
        )
        assert pickle.loads(pickle.dumps(order)) == order  # noqa: S301 - made here


def test_the_order_of_another_id_is_an_error() -> None:
    with faults.Server(faults.ok(b'{"id": 8, "status": "issued"}')) as server:
        client = Client("key", base_url=server.base_url)
        with pytest.raises(RequestError, match="the response is for another order"):
            client.order(7)


def test_an_order_that_does_not_exist(client: Client) -> None:
    with pytest.raises(OrderNotFoundError) as caught:
        client.update_contacts(5, technical=JANE)
    error = caught.value
    assert (error.status_code, error.outcome) == (404, "rejected")
    assert (error.attempts, error.retry_after) == (1, None)
    assert error.errors[0].code == "not_found|order"
    assert str(error) == (
        "the contacts of order 5 could not be changed: the server answered 404: "
        "not_found|order: The order does not exist in this account."
    )


def test_a_rejected_key(sandbox: Sandbox) -> None:
    with (
        Client("wrong", base_url=sandbox.base_url) as client,
        pytest.raises(AuthenticationError) as caught,
    ):
        client.order(100000001)
    assert caught.value.status_code == 403
    assert caught.value.errors[0].code == "access_denied|access_denied_invalid_key"


def test_an_organization_contact_on_a_dv_order(client: Client) -> None:
    with pytest.raises(RequestError, match="sandbox_dv_organization_contact"):
        client.update_contacts(100000003, organization=JANE)


def test_a_server_that_cannot_be_reached(sandbox: Sandbox) -> None:
    sandbox.stop()
    client = Client(sandbox.api_key, base_url=sandbox.base_url)
    with pytest.raises(ConnectionFailedError) as caught:
        client.update_contacts(100000001, technical=JANE)
    assert (caught.value.status_code, caught.value.outcome) == (None, "not-sent")
    assert caught.value.attempts == 3


def test_a_server_that_does_not_respond() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = Client("key", base_url=f"http://127.0.0.1:{port}", timeout=0.2)
        with pytest.raises(RequestTimeoutError) as caught:
            client.update_contacts(100000001, technical=JANE)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("order_id", ["", "x", "../user", "1?x", 0, -1, 10**19])
def test_an_order_id_is_digits_only(client: Client, sandbox: Sandbox, order_id: int | str) -> None:
    with pytest.raises(ValidationError) as caught:
        client.order(order_id)
    assert caught.value.violations[0].code == "order-id-format"
    assert sandbox.requests() == []


@pytest.mark.parametrize("order_id", [None, True, 1.5, b"1"])
def test_an_order_id_of_another_type_is_a_type_error(client: Client, order_id: object) -> None:
    with pytest.raises(TypeError, match="order_id must be an int or a str, not "):
        client.order(order_id)  # type: ignore[arg-type]


def test_the_value_of_an_order_id_matters_and_not_its_str(client: Client) -> None:
    class Misleading(int):
        def __str__(self) -> str:
            return "100000002"

    assert client.order(Misleading(100000001)).id == 100000001


def test_a_child_process_opens_its_own_connections(client: Client) -> None:
    client.order(100000001)
    child = os.fork()
    if child == 0:
        read = [client.order(100000002).id for _ in range(40)]
        os._exit(0 if read == [100000002] * 40 else 1)
    read = [client.order(100000003).id for _ in range(40)]
    _, status = os.waitpid(child, 0)
    assert read == [100000003] * 40
    assert os.waitstatus_to_exitcode(status) == 0


def test_an_update_and_contacts_together_are_rejected(client: Client) -> None:
    with pytest.raises(TypeError, match="pass either update"):
        client.update_contacts(1, ContactsUpdate(technical=JANE), technical=JANE)
    with pytest.raises(TypeError, match="a contact is required"):
        client.update_contacts(1)
    with pytest.raises(TypeError, match="not Contact; pass it as technical or organization"):
        client.update_contacts(1, JANE)  # type: ignore[arg-type]


def test_the_key_comes_from_the_environment(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGICERT_API_KEY", sandbox.api_key)
    assert Client(base_url=sandbox.base_url).order(100000001).id == 100000001
    monkeypatch.delenv("DIGICERT_API_KEY")
    with pytest.raises(ConfigurationError, match="no API key: pass api_key or set"):
        Client()


def test_invalid_settings() -> None:
    with pytest.raises(ConfigurationError, match="ends with white space or a line break"):
        Client("key\n")
    with pytest.raises(ConfigurationError, match="not visible ASCII"):
        Client("key\udc80")
    assert Client("key", timeout=86400).base_url.startswith("https://")
    with pytest.raises(ConfigurationError, match="at most 24 hours"):
        Client("key", timeout=1e19)
    with pytest.raises(ConfigurationError, match="http is allowed for loopback only"):
        Client("key", base_url="http://www.digicert.com/services/v2")
    with pytest.raises(ConfigurationError, match="region must be"):
        Client("key", region="asia")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pass either region"):
        Client("key", region="eu", base_url="https://example.com")
    for timeout in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="positive number of seconds"):
            Client("key", timeout=timeout)
    assert Client("key", region="eu").base_url == "https://certcentral.digicert.eu/services/v2"


def test_a_client_cannot_be_pickled_and_hides_its_key(sandbox: Sandbox) -> None:
    client = Client("marker-key", base_url=sandbox.base_url)
    assert repr(client) == f"<Client of {sandbox.base_url}>"
    with pytest.raises(TypeError, match="holds an API key"):
        pickle.dumps(client)
    with pytest.raises(AuthenticationError) as caught:
        client.order(1)
    assert "marker" not in f"{caught.value!r} {vars(caught.value)}"


def test_a_closed_client_raises(client: Client) -> None:
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.order(100000001)


def test_threads_can_share_a_client(client: Client, sandbox: Sandbox) -> None:
    def change() -> None:
        client.update_contacts(100000001, technical=JANE)

    threads = [threading.Thread(target=change) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for _, _, status in sandbox.requests()] == [204] * 8
