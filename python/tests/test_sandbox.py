"""The sandbox as a Python user meets it."""

import urllib.request

import pytest

from digicert_contacts.testing import Sandbox


def test_it_answers_any_client(sandbox: Sandbox) -> None:
    url = f"{sandbox.base_url}/order/certificate/100000001"
    request = urllib.request.Request(url, headers={"X-DC-DEVKEY": sandbox.api_key})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 200
    assert sandbox.requests() == [("GET", "/services/v2/order/certificate/100000001", 200)]


def test_its_orders_can_be_looked_at(sandbox: Sandbox) -> None:
    order = sandbox.order(100000007)
    assert order is not None
    assert order["technical_contact"]["first_name"] == "Ольга"
    assert sandbox.order(1) is None


def test_instances_do_not_share_anything() -> None:
    with Sandbox() as first, Sandbox() as second:
        assert first.base_url != second.base_url
        with pytest.raises(OSError, match="the sandbox can't listen on"):
            Sandbox(port=int(first.base_url.split(":")[2].split("/")[0]))


def test_a_stopped_sandbox_says_so(sandbox: Sandbox) -> None:
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(RuntimeError, match="stopped"):
        sandbox.requests()
