"""The sandbox from Python."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from digicert_contacts import Client, Contact, DigicertContactsError, RequestError
from digicert_contacts.testing import Sandbox

JANE = Contact("Jane", "Doe", "jane.doe@example.com")


def client_of(sandbox: Sandbox) -> Client:
    return Client(sandbox.api_key, base_url=sandbox.base_url)


def test_it_serves_any_client(sandbox: Sandbox) -> None:
    url = f"{sandbox.base_url}/order/certificate/100000001"
    request = urllib.request.Request(url, headers={"X-DC-DEVKEY": sandbox.api_key})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        assert answer.status == 200
    assert sandbox.requests() == [("GET", "/services/v2/order/certificate/100000001", 200)]


def test_orders_of_the_sandbox_can_be_inspected(sandbox: Sandbox) -> None:
    order = sandbox.order(100000007)
    assert order is not None
    assert order["technical_contact"]["first_name"] == "Ольга"
    assert sandbox.order(1) is None


def test_sandboxes_do_not_share_state() -> None:
    with Sandbox() as first, Sandbox() as second:
        assert first.base_url != second.base_url
        with pytest.raises(OSError, match="the sandbox cannot listen on"):
            Sandbox(port=int(first.base_url.split(":")[2].split("/")[0]))


def test_a_stopped_sandbox_raises(sandbox: Sandbox) -> None:
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(RuntimeError, match="stopped"):
        sandbox.requests()


def test_every_change_is_listed(sandbox: Sandbox) -> None:
    with client_of(sandbox) as client:
        client.update_contacts(100000005, technical=JANE)
        client.update_contacts(100000001, technical=JANE)
    assert [change["order_id"] for change in sandbox.changes()] == [100000005, 100000001]
    (change,) = sandbox.history(100000005)
    assert change["before"] is None
    assert change["after"]["email"] == "jane.doe@example.com"
    assert sandbox.log()[0]["key"] == "sand****"
    assert sandbox.state()["changes"] == 2


def test_the_sandbox_shows_whether_a_lost_response_was_applied(sandbox: Sandbox) -> None:
    sandbox.add_fault("close", applied=True)
    with client_of(sandbox) as client, pytest.raises(DigicertContactsError) as failed:
        client.update_contacts(100000001, technical=JANE)
    assert getattr(failed.value, "outcome", None) == "unknown"
    order = sandbox.order(100000001)
    assert order is not None
    assert order["technical_contact"]["first_name"] == "Jane"


def test_an_update_whose_response_was_lost_is_confirmed_by_reading(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.add_fault("close", applied=True, method="PUT")
    with client_of(sandbox) as client:
        client.update_contacts(100000001, technical=JANE)
    assert len(sandbox.history(100000001)) == 1
    (record,) = (r for r in caplog.records if r.levelname == "WARNING")
    assert record.getMessage().endswith("confirmed by reading the order")


def test_faults_are_added_and_removed(sandbox: Sandbox) -> None:
    body = {"errors": [{"code": "own", "message": "My own."}]}
    first = sandbox.add_fault("status", status=418, body=body, orders=[100000003])
    with client_of(sandbox) as client:
        client.order(100000001)
        with pytest.raises(RequestError) as failed:
            client.order(100000003)
        assert (failed.value.status_code, failed.value.errors[0].code) == (418, "own")
        assert sandbox.faults()[0]["acted"] == 1
        sandbox.remove_fault(first)
        client.order(100000003)
    sandbox.add_fault("reset")
    sandbox.clear_faults()
    assert sandbox.faults() == []
    with pytest.raises(ValueError, match="`status` must be from 200 to 599"):
        sandbox.add_fault("status", status=7)
    with pytest.raises(ValueError, match="unknown field `nxt`"):
        sandbox.add_fault("close", nxt=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="orders must be 0 or more"):
        Sandbox(orders=-1)
    with pytest.raises(ValueError, match="orders must be at most 5,000,000"):
        Sandbox(orders=5_000_001)


def test_a_sandbox_starts_with_faults() -> None:
    with Sandbox(faults=["cut=3,path=report/order", "absent=403"]) as sandbox:
        assert [fault["action"] for fault in sandbox.faults()] == ["cut", "absent"]
        with client_of(sandbox) as client:
            assert len(list(client.order_report().rows())) == 3
        sandbox.add_fault("lag", seconds=60, rows=1, path="reports/query")
    with pytest.raises(ValueError, match="the action `cut` needs a number of `rows`"):
        Sandbox(faults=["cut"])
    with pytest.raises(TypeError):
        Sandbox(faults="lag")


def test_three_minutes_pass_at_once() -> None:
    start = time.monotonic()
    with Sandbox(rate_limits=[(2, 180.0)], manual_clock=True) as sandbox:
        url = f"{sandbox.base_url}/user/me"
        request = urllib.request.Request(url, headers={"X-DC-DEVKEY": sandbox.api_key})  # noqa: S310
        for _ in range(3):
            for _ in range(2):
                urllib.request.urlopen(request).close()  # noqa: S310
            with pytest.raises(urllib.error.HTTPError, match="429") as raised:
                urllib.request.urlopen(request)  # noqa: S310
            raised.value.close()
            sandbox.advance(180)
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("limits", ["off", 5, [(1, 2, 3)], [("a", 1)]])
def test_an_invalid_rate_limit_is_a_type_error(limits: object) -> None:
    with pytest.raises(TypeError, match="pairs of a number of requests"):
        Sandbox(rate_limits=limits)  # type: ignore[arg-type]


def test_only_a_manual_clock_moves(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError, match="manual_clock=True"):
        sandbox.advance(1)
    with Sandbox(manual_clock=True) as manual, pytest.raises(ValueError, match="not negative"):
        manual.advance(-1)


def test_a_large_account_is_saved_and_served_again(tmp_path: Path) -> None:
    file = tmp_path / "account"
    with Sandbox(orders=300, seed=7) as sandbox:
        assert sandbox.state()["orders"] == 300
        with client_of(sandbox) as client:
            client.update_contacts(100000300, technical=JANE)
        sandbox.save(file)
        saved = sandbox.order(100000300)
    with Sandbox(snapshot=file) as sandbox:
        assert sandbox.order(100000300) == saved
        assert len(sandbox.history(100000300)) == 1
        file.write_text("{}")
        with pytest.raises(ValueError, match="line 1 is not part of a sandbox snapshot"):
            sandbox.restore(file)
        with pytest.raises(FileNotFoundError):
            sandbox.restore(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        Sandbox(snapshot=tmp_path / "missing")


def test_the_admin_address_is_another_port() -> None:
    with Sandbox(admin=True) as sandbox:
        assert sandbox.admin_url is not None
        with urllib.request.urlopen(f"{sandbox.admin_url}/state") as answer:  # noqa: S310
            assert b'"orders":14' in answer.read()
    with Sandbox() as sandbox:
        assert sandbox.admin_url is None


def test_the_fixture_of_the_plugin(digicert_sandbox: Sandbox) -> None:
    assert digicert_sandbox.state()["orders"] == 14


@pytest.mark.digicert_sandbox(orders=20, seed=3, rate_limits=[])
def test_a_marker_configures_the_fixture(digicert_sandbox: Sandbox) -> None:
    assert digicert_sandbox.state()["orders"] == 20
    assert digicert_sandbox.state()["keys"][0]["windows"] == []


def test_the_fixture_works_in_another_project(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
    block = re.search(r"```python\n(.*?@pytest.mark.*?)```", page, re.DOTALL)
    assert block
    (tmp_path / "test_of_a_user.py").write_text(block[1], encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "--strict-markers", "-p", "no:cacheprovider", "-q"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout
