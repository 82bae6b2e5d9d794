"""Searches for contacts, and plans that replace a person."""

import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from digicert_contacts import (
    Client,
    Contact,
    ContactType,
    Progress,
    SearchResult,
    SearchStoppedError,
    ValidationError,
)
from digicert_contacts.testing import Sandbox

ROBIN = "robin.leaver@example.com"
JANE = Contact("Jane", "Doe", "jane.doe@example.com")


def reads(sandbox: Sandbox) -> int:
    paths = [path for method, path, _ in sandbox.requests() if method == "GET"]
    return sum(path.rsplit("/", 1)[-1].isdecimal() for path in paths)


def emails(sandbox: Sandbox, order_id: int) -> list[str]:
    order = sandbox.order(order_id) or {}
    types = ("organization_contact", "technical_contact")
    return [order[name]["email"] for name in types if name in order]


def test_a_search_finds_both_contacts_of_a_person_with_few_requests(
    client: Client, sandbox: Sandbox
) -> None:
    found = client.find(ROBIN.upper())
    assert repr(found) == "<SearchResult: 11 contacts of 10 orders>"
    assert (len(found), found.orders, found.listed, found.read) == (11, 10, 14, 10)
    assert reads(sandbox) == 10
    assert (found.failed, found.without_id, found.sampled, found.all_done) == ((), 0, 0, True)
    first = next(iter(found))
    assert first == found.contacts[0]
    assert (first.order_id, first.contact_type) == (100000001, ContactType.TECHNICAL)
    assert (first.common_name, first.status) == ("www.example.com", "issued")
    assert first.product == "Standard SSL"
    assert {contact.contact.email for contact in found} == {ROBIN}
    assert "Robin" not in f"{found!r} {list(found)!r} {found.contacts!r}"


def test_a_search_says_which_sources_it_asked(client: Client, sandbox: Sandbox) -> None:
    names = ["order-list", "order-report", "reports-query", "list-search"]
    used = client.find(ROBIN).sources
    assert [source.source for source in used] == names
    assert {source.state for source in used} == {"used"}
    assert used[0].asked.endswith("Z")
    sandbox.add_fault("absent", path="report/order")
    sandbox.add_fault("absent", path="reports/query")
    found = client.find(ROBIN)
    assert [(source.source, source.state) for source in found.sources] == [
        ("order-list", "used"),
        ("order-report", "missing"),
    ]
    assert (len(found), found.read) == (11, 14)


def test_a_source_that_fails_loses_no_contact(client: Client, sandbox: Sandbox) -> None:
    sandbox.add_fault("status", status=500, path="report/order")
    found = client.find(ROBIN)
    assert len(found) == 11
    source = found.sources[1]
    assert (source.state, source.failure is not None) == ("failed", True)


def test_results_are_plain_dicts_and_their_contacts_pickle(client: Client) -> None:
    found = client.find("Ada Nwosu", contact_type=ContactType.TECHNICAL)
    assert found.to_dicts() == [
        {
            "order_id": 100000010,
            "contact_type": "technical_contact",
            "contact": {
                "first_name": "Ada",
                "last_name": "Nwosu",
                "email": "ada.nwosu@example.com",
            },
            "common_name": "cdn.example.com",
            "status": "issued",
            "product": "Standard SSL",
        }
    ]
    assert pickle.loads(pickle.dumps(found.contacts)) == found.contacts  # noqa: S301 - made here
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(found)


def test_terms_status_and_read_all_choose_what_is_found(client: Client) -> None:
    assert len(client.find("@example.com")) == 25
    assert {contact.order_id for contact in client.find("vpn.example.com")} == {100000006}
    assert client.find("ada.nwosu@example.com", "Jonas Weber").orders == 3
    assert client.find(ROBIN, status="pending").listed == 1
    everything = client.find(ROBIN, read_all=True)
    assert (len(everything), everything.read) == (11, 14)
    assert [source.source for source in everything.sources] == ["order-list"]
    assert len(client.find("nobody@example.com")) == 0


def test_an_order_that_cannot_be_read_is_listed(client: Client, sandbox: Sandbox) -> None:
    sandbox.add_fault("status", status=404, body={"errors": [{"code": "not_found|order"}]})
    with pytest.raises(SearchStoppedError) as caught:
        client.find(ROBIN)
    assert str(caught.value).startswith("search stopped after 0 of 0 orders were read")
    sandbox.clear_faults()
    error = {"errors": [{"code": "not_found|order"}]}
    sandbox.add_fault("status", status=404, body=error, orders=[100000001])
    found = client.find(ROBIN)
    assert [(order.order_id, order.failure.kind) for order in found.failed] == [
        (100000001, "not-found")
    ]
    assert (len(found), found.all_done) == (10, False)
    assert repr(client.replace(ROBIN, JANE)) == "<Plan: 9 orders: 9 changes; 1 orders not searched>"


def test_progress_counts_the_orders_that_are_read(client: Client) -> None:
    events: list[Progress] = []
    found = client.find(ROBIN, progress=events.append)
    assert [event.done for event in events] == list(range(1, found.read + 1))
    assert {(event.total, event.result) for event in events} == {(10, "read")}

    def stop(_: Progress) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        client.find(ROBIN, progress=stop)


def test_the_orders_that_a_search_reads_are_announced(
    client: Client, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.add_fault("absent", path="report/order")
    caplog.set_level("INFO", logger="digicert_contacts")
    client.find(ROBIN)
    assert (
        "search: reading 14 orders, which no report covers; at least 0 s at the rate limit"
        in caplog.messages
    )
    assert ROBIN not in caplog.text


@pytest.mark.parametrize("term", ["", "robin@", "@"])
def test_an_invalid_term_is_a_value_error(term: str, client: Client, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"^term 2: ") as caught:
        client.find(ROBIN, term)
    assert "robin" not in str(caught.value).replace("robin@example.com", "")
    assert sandbox.requests() == []


def test_wrong_arguments_of_a_search_are_errors(client: Client, sandbox: Sandbox) -> None:
    with pytest.raises(TypeError, match=r"^find\(\) requires an e-mail address, a name"):
        client.find()
    with pytest.raises(TypeError, match="unexpected keyword argument 'state'"):
        client.find(ROBIN, state="issued")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match=r"^contact_type must be 'organization_contact' or"):
        client.find(ROBIN, contact_type="billing")
    with pytest.raises(TypeError):
        client.find(7)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="not valid Unicode"):
        client.find("Marker\ud800")
    client.close()
    with pytest.raises(RuntimeError, match="the client is closed"):
        client.find(ROBIN)
    assert sandbox.requests() == []


def test_replace_plans_and_apply_changes(client: Client, sandbox: Sandbox) -> None:
    plan = client.replace(ROBIN, JANE)
    assert repr(plan) == "<Plan: 10 orders: 10 changes>"
    assert isinstance(plan.search, SearchResult)
    assert len(plan.search) == 11
    assert all(method == "GET" for method, path, _ in sandbox.requests() if "query" not in path)
    before = len(sandbox.requests())
    report = plan.apply(journal=None)
    assert report.all_done
    # The search has just read each order.
    assert len(sandbox.requests()) - before == 20
    assert emails(sandbox, 100000006) == ["jane.doe@example.com"] * 2
    assert len(client.find(ROBIN)) == 0
    assert client.replace(ROBIN, JANE).summary.orders == 0


def test_a_successor_can_be_a_mapping_and_a_contact_type_be_chosen(client: Client) -> None:
    plan = client.replace(ROBIN, JANE.to_dict(), contact_type="organization_contact")
    assert [order.order_id for order in plan.orders] == [100000004, 100000006, 100000013]
    with pytest.raises(ValidationError, match="email: required"):
        client.replace(ROBIN, {"first_name": "Jane", "last_name": "Doe"})


def test_a_violation_names_the_successor_by_its_index(client: Client, sandbox: Sandbox) -> None:
    with pytest.raises(ValidationError) as caught:
        client.replace({"a@example.com": {}, ROBIN: JANE, "c@example.com": "Marker"})  # type: ignore[dict-item]
    assert str(caught.value) == (
        "successors[0].first_name: required, but missing\n"
        "successors[0].last_name: required, but missing\n"
        "successors[0].email: required, but missing\n"
        "successors[2]: expected an object, found a string"
    )
    assert [violation.path for violation in caught.value.violations][2:] == [
        "successors[0].email",
        "successors[2]",
    ]
    assert sandbox.requests() == []


def test_several_people_are_replaced_each_by_a_successor(client: Client, sandbox: Sandbox) -> None:
    leavers = {ROBIN: JANE, "ada.nwosu@example.com": JANE.replace(email="second@example.com")}
    assert client.replace(leavers).apply(journal=None).all_done
    assert emails(sandbox, 100000014) == ["second@example.com", "jane.doe@example.com"]


def test_without_leavers_there_is_nothing_to_do(client: Client, sandbox: Sandbox) -> None:
    plan = client.replace({})
    assert (repr(plan), plan.apply(journal=None).all_done) == ("<Plan: 0 orders>", True)
    assert sandbox.requests() == []


def test_what_was_found_by_name_can_be_replaced(client: Client) -> None:
    found = client.find("Robin Leaver", contact_type="technical_contact")
    plan = found.replace(JANE)
    assert (plan.summary.changes, plan.search) == (8, found)


def test_wrong_arguments_of_replace_are_errors(client: Client, sandbox: Sandbox) -> None:
    message = r"^replace\(\) requires an e-mail address and a successor, or a mapping of both$"
    with pytest.raises(TypeError, match=message):
        client.replace(ROBIN)
    with pytest.raises(TypeError, match=message):
        client.replace({ROBIN: JANE}, JANE)
    with pytest.raises(ValueError, match=r"^term 1: not an e-mail address"):
        client.replace("@example.com", JANE)
    with pytest.raises(ValueError, match=r"^term 2: the same address as an earlier one"):
        client.replace({ROBIN: JANE, ROBIN.upper(): JANE})
    assert sandbox.requests() == []


def test_an_estimate_counts_the_requests_of_a_run(sandbox: Sandbox) -> None:
    client = Client(sandbox.api_key, base_url=sandbox.base_url, rate_limits=[(20, 60)])
    plan = client.replace(ROBIN, JANE)
    assert plan.estimate() == (30, 60.0)
    assert plan.estimate(verify="sample:2") == (22, 60.0)
    assert plan.estimate(verify=False, refresh=False) == (10, 0.0)


def test_apply_reads_compares_and_changes_each_order_in_one_go(
    client: Client, sandbox: Sandbox
) -> None:
    client.update_contacts(100000002, technical=JANE)
    before = len(sandbox.requests())
    orders = (100000001, 100000002, 100000006, 7)
    rows = [{"order_id": order, "technical_contact": JANE} for order in orders]
    report = client.apply(rows, journal=None)
    assert [order.result for order in report.orders] == [
        "changed",
        "unchanged",
        "changed",
        "read-failed",
    ]
    calls = [(method, path.split("/")[-1]) for method, path, _ in sandbox.requests()[before:]]
    assert calls[:4] == [
        ("GET", "100000001"),
        ("PUT", "contact"),
        ("GET", "100000001"),
        ("GET", "100000002"),
    ]
    assert client.apply([], journal=None).all_done


SLOW = """
import sys, time
from digicert_contacts import Client
call, base_url, api_key, requests, path = sys.argv[1:]
limits = [(int(requests), 60)] if int(requests) else []
client = Client(api_key, base_url=base_url, rate_limits=limits)
try:
    client.find("robin.leaver@example.com") if call == "find" else client.export(path)
except KeyboardInterrupt:
    print(time.time())
"""


def interrupt(sandbox: Sandbox, call: str, path: Path, limit: int, requests: int) -> float:
    """Interrupt a call during its last request, or its wait after it; return how long it took."""
    arguments = [call, sandbox.base_url, sandbox.api_key, str(limit), str(path)]
    command = [sys.executable, "-c", SLOW, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        deadline = time.monotonic() + 10
        while len(sandbox.requests()) < requests and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        start = time.time()
        process.send_signal(signal.SIGINT)
        ended, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert len(sandbox.requests()) == requests
    return float(ended) - start


no_sigint = pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child alone")


@no_sigint
@pytest.mark.parametrize("call", ["find", "export"])
@pytest.mark.parametrize("requests", [1, 2, 3, 6])
def test_ctrl_c_ends_a_search_and_an_export_at_once(
    call: str, requests: int, sandbox: Sandbox, tmp_path: Path
) -> None:
    took = interrupt(sandbox, call, tmp_path / "contacts.csv", requests, requests)
    assert took < 0.3, "0.1 s, plus time for a busy machine"


@no_sigint
def test_ctrl_c_ends_a_search_during_a_slow_report(sandbox: Sandbox, tmp_path: Path) -> None:
    # The head of the response takes 0.3 s, its body many seconds.
    sandbox.add_fault("drip", seconds=0.001, path="report/order")
    assert interrupt(sandbox, "find", tmp_path, 0, 2) < 0.3


def test_other_threads_run_during_a_search(client: Client, sandbox: Sandbox) -> None:
    sandbox.add_fault("delay", seconds=0.1, next=3)
    search = threading.Thread(target=client.find, args=(ROBIN,))
    search.start()
    count = 0
    while search.is_alive():
        time.sleep(0.001)
        count += 1
    assert count > 50


def test_a_successor_who_leaves_too_is_rejected(client: Client, sandbox: Sandbox) -> None:
    zoe = {"first_name": "Zoe", "last_name": "Roe", "email": "zoe@example.com"}
    robin = {**zoe, "email": "Robin.Leaver@example.com"}
    with pytest.raises(ValueError, match="a successor is in the mapping as a leaver too"):
        client.replace({"robin.leaver@example.com": zoe, "ada.nwosu@example.com": robin})
    assert sandbox.requests() == []
    # A person can stay, with other values.
    plan = client.replace({"robin.leaver@example.com": robin})
    assert plan.summary.changes == 10
