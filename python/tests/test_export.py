"""Exports of the contacts of an account."""

import os
import stat
from pathlib import Path

import pytest

import digicert_contacts
from digicert_contacts import Client, ExportStoppedError, InputError, Progress
from digicert_contacts.testing import Sandbox

ROBIN = "robin.leaver@example.com"
JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}


def reads(sandbox: Sandbox) -> list[str]:
    names = [path.rsplit("/", 1)[-1] for _, path, _ in sandbox.requests()]
    return [name for name in names if name.isdecimal()]


def test_an_export_is_a_private_source_that_changes_nothing(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    summary = client.export(file)
    assert summary.all_done
    assert summary == (14, 25, 0, (), 0)
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv"]
    assert client.plan(file).summary.unchanged == 14
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_is_filtered(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
    assert client.export(tmp_path / "robin.csv", contact=ROBIN.upper()).contacts == 11
    assert client.export(tmp_path / "pending.csv", status="pending").orders == 1
    before = len(reads(sandbox))
    summary = client.export(tmp_path / "technical.csv", technical_only=True)
    assert (summary.orders, summary.contacts, len(reads(sandbox)) - before) == (14, 13, 0)
    assert digicert_contacts.check(tmp_path / "technical.csv").contacts == 13


def test_an_interrupted_export_is_resumed_and_reads_no_order_twice(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    events: list[Progress] = []

    def stop(progress: Progress) -> None:
        events.append(progress)
        if progress.done == 3:
            raise LookupError

    file = tmp_path / "contacts.csv"
    with pytest.raises(LookupError):
        client.export(file, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv.partial"]
    with pytest.raises(OSError, match=r"contacts.csv.partial.*was started with other options"):
        client.export(file, contact=ROBIN)
    assert client.export(file, progress=events.append).orders == 14
    assert [(event.done, event.total) for event in events[2:4]] == [(3, 14), (1, 11)]
    assert sorted(reads(sandbox)) == sorted(set(reads(sandbox)))
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv"]


def test_what_is_missing_is_in_the_summary(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    error = {"errors": [{"code": "not_found|order"}]}
    sandbox.add_fault("status", status=404, body=error, orders=[100000003])
    summary = client.export(tmp_path / "contacts.csv")
    assert [(order.order_id, order.failure.kind) for order in summary.failed] == [
        (100000003, "not-found")
    ]
    assert (summary.orders, summary.all_done) == (13, False)


def test_an_outage_stops_an_export_which_saves_its_progress(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    client = Client(sandbox.api_key, base_url=sandbox.base_url, max_retries=0)
    file = tmp_path / "contacts.csv"
    sandbox.add_fault("status", status=503, orders=[100000003, 100000004, 100000005])
    with pytest.raises(ExportStoppedError) as caught:
        client.export(file)
    assert str(caught.value).startswith("export stopped after 2 orders were read: ")
    assert str(caught.value).endswith(
        f"; progress is saved in `{file}.partial`; to resume, export again"
    )
    sandbox.clear_faults()
    assert client.export(file).orders == 14


def test_an_export_that_read_nothing_leaves_no_file(client: Client, tmp_path: Path) -> None:
    with pytest.raises(ExportStoppedError) as caught:
        Client("wrong", base_url=client.base_url).export(tmp_path / "contacts.csv")
    assert caught.value.failure.kind == "key-rejected"
    assert "progress" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_never_replaced(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("mine")
    with pytest.raises(FileExistsError) as caught:
        client.export(file)
    assert (caught.value.filename, file.read_text()) == (str(file), "mine")
    with pytest.raises(FileNotFoundError):
        client.export(tmp_path / "none" / "contacts.csv")
    assert sandbox.requests() == []


def test_a_plan_from_an_export_sends_no_request_until_it_is_applied(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    export = tmp_path / "contacts.csv"
    client.export(export)
    rows = [
        {"order_id": order, "contact_type": "technical_contact", **JANE}
        for order in (100000001, 100000002)
    ]
    read, requests = client.plan(rows), len(sandbox.requests())
    plan = client.plan(rows, state=export)
    assert len(sandbox.requests()) == requests
    assert [order.changes for order in plan.orders] == [order.changes for order in read.orders]
    assert plan.apply(journal=None).summary.changed == read.summary.changes

    stale = client.plan([{**rows[0], "email": "second@example.com"}], state=export)
    assert stale.apply(journal=None).summary.conflict == 1


def test_a_state_that_is_not_an_export_is_an_input_error(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("order_id,contact_type,first_name,last_name,email\n1E+08,x,A,B,c\n")
    with pytest.raises(InputError, match=r"contacts\.csv:2: order_id: a spreadsheet wrote this"):
        client.plan([], state=file)
    with pytest.raises(FileNotFoundError):
        client.plan([], state=tmp_path / "missing.csv")
