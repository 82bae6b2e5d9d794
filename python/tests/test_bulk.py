"""Bulk changes: check, plan, apply, resume and undo, as a script would."""

import csv
import errno
import io
import json
import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import digicert_contacts
from digicert_contacts import (
    AccountMismatchError,
    CheckSummary,
    Client,
    Contact,
    ContactType,
    InputError,
    Plan,
    PlanFileError,
    PlanStoppedError,
    Progress,
    ValidationError,
)
from digicert_contacts.testing import Sandbox

JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
ORDERS = [100000001, 100000002, 100000006]


def row(order_id: object, **fields: object) -> dict[str, object]:
    return {"order_id": order_id, "contact_type": "technical_contact", **JANE, **fields}


ROWS = [row(order) for order in ORDERS]
CSV = "order_id,contact_type,first_name,last_name,email\n" + "".join(
    f"{order},technical_contact,Jane,Doe,jane.doe@example.com\n" for order in ORDERS
)
JSON_LINES = "".join(
    json.dumps({"order_id": order, "technical_contact": JANE}) + "\n" for order in ORDERS
)


def sent(sandbox: Sandbox) -> list[str]:
    return [path.split("/")[-2] for method, path, _ in sandbox.requests() if method == "PUT"]


def names(sandbox: Sandbox) -> list[str]:
    orders = [sandbox.order(order) or {} for order in ORDERS]
    return [order["technical_contact"]["first_name"] for order in orders]


def sources(folder: Path) -> dict[str, object]:
    (folder / "rows.csv").write_text(CSV)
    (folder / "rows.jsonl").write_text(JSON_LINES)
    nested = [json.loads(line) for line in JSON_LINES.splitlines()]
    contact = Contact.from_dict(JANE)
    return {
        "a path": folder / "rows.csv",
        "a path as text": str(folder / "rows.jsonl"),
        "flat rows": ROWS,
        "a generator": (row for row in ROWS),
        "a reader of csv": csv.DictReader(io.StringIO(CSV)),
        "nested rows": nested,
        "contacts": [{"order_id": str(order), "technical_contact": contact} for order in ORDERS],
        "enumeration": [{**row, "contact_type": ContactType.TECHNICAL} for row in ROWS],
        "both forms": [ROWS[0], *nested[1:]],
    }


SOURCES = [
    "a path",
    "a path as text",
    "flat rows",
    "a generator",
    "a reader of csv",
    "nested rows",
    "contacts",
    "enumeration",
    "both forms",
]


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_means_the_same(name: str, client: Client, tmp_path: Path) -> None:
    expected = client.plan(ROWS)
    source = sources(tmp_path)[name]
    plan = client.plan(source)  # type: ignore[arg-type]
    assert [order.order_id for order in plan.orders] == ORDERS
    assert [order.changes for order in plan.orders] == [order.changes for order in expected.orders]
    again = sources(tmp_path)[name]
    assert digicert_contacts.check(again) == CheckSummary(3, 3)  # type: ignore[arg-type]


def test_problems_of_a_file_have_line_numbers(tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(CSV.replace("jane.doe@", "") + "x,technical_contact,Jane,Doe,j@example.com\n")
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(file)
    first, second = caught.value.problems
    assert (first.file, first.line, first.row) == (str(file), 2, None)
    assert (first.column, first.code, first.times, first.positions) == (
        "email",
        "email-format",
        3,
        (2, 3, 4),
    )
    assert (second.line, second.column, second.code) == (5, "order_id", "order-id-format")
    assert str(caught.value) == (
        "input rejected, nothing was sent; 4 problems:\n"
        f"  {file}:2: email: not an e-mail address: missing `@` (3 times, on lines 2, 3, 4)\n"
        f"  {file}:5: order_id: not an order id: expected 1 to 19 digits, no leading zero"
    )


def test_problems_of_rows_have_their_index(client: Client, sandbox: Sandbox) -> None:
    rows = [ROWS[0], row(7, email="Marker"), row(8, email="Marker"), row(9, phone="1"), ROWS[0]]
    with pytest.raises(InputError) as caught:
        client.plan(rows)
    assert [(p.row, p.column, p.code, p.positions) for p in caught.value.problems] == [
        (1, "email", "email-format", (1, 2)),
        (3, "phone", "unknown-column", (3,)),
        (4, "contact_type", "duplicate-contact-type", (4,)),
    ]
    assert str(caught.value) == (
        "input rejected, nothing was sent; 4 problems:\n"
        "  rows[1].email: not an e-mail address: missing `@` (2 times, "
        "in rows 1, 2)\n"
        "  rows[3].phone: unknown column; did you mean `telephone`?\n"
        "  rows[4].contact_type: a second `technical_contact` for this order, the first is in "
        "rows[0]; remove one of them"
    )
    assert {(problem.file, problem.line) for problem in caught.value.problems} == {(None, None)}
    assert sandbox.requests() == []


def test_an_empty_cell_keeps_the_value_unless_it_is_required(client: Client) -> None:
    plan = client.plan([row(ORDERS[0], telephone="", job_title=None, reason="yes")])
    kept = [change.field for change in plan.orders[0].changes if change.state == "kept"]
    assert kept == ["job_title", "telephone"]
    with pytest.raises(InputError, match=r"rows\[0\].email: required, but missing$"):
        digicert_contacts.check([row(7, email="")])


def test_missing_values_of_pandas_are_empty_cells(client: Client) -> None:
    class NAType:
        pass

    rows = [row(float(ORDERS[0]), telephone=float("nan"), job_title=NAType())]
    plan = client.plan(rows)
    assert plan.to_dicts() == client.plan([row(ORDERS[0])]).to_dicts()


def test_integers_of_numpy_are_integers(client: Client) -> None:
    class Int64:
        def __index__(self) -> int:
            return ORDERS[0]

    class Negative:
        def __index__(self) -> int:
            return -1

    assert client.order(Int64()).id == ORDERS[0]  # type: ignore[arg-type]
    for wrong in (Negative(), -1, 2**64):
        with pytest.raises(ValidationError, match="not an order id"):
            client.order(wrong)  # type: ignore[arg-type]
    assert digicert_contacts.check([row(Int64())]).orders == 1


def test_an_exported_row_is_read_like_the_exported_file(client: Client) -> None:
    plan = client.plan([row(ORDERS[0], telephone="'+1 555")])
    assert plan.to_dicts() == (client.plan([row(ORDERS[0], telephone="+1 555")]).to_dicts())
    nested = {"order_id": ORDERS[0], "technical_contact": {**JANE, "telephone": "'+1 555"}}
    with pytest.raises(InputError, match="telephone: an apostrophe"):
        client.plan([nested])


@pytest.mark.parametrize("source", [7, b"bytes", {"order_id": 7}, None], ids=repr)
def test_an_invalid_source_is_a_type_error(source: object) -> None:
    with pytest.raises(TypeError, match="source must be a path, an iterable of dicts or a frame"):
        digicert_contacts.check(source)  # type: ignore[arg-type]


def test_a_value_of_the_wrong_type_is_reported_without_the_value() -> None:
    with pytest.raises(TypeError) as caught:
        digicert_contacts.check([ROWS[0], row(7, email=object())])
    assert str(caught.value) == "rows[1]: email: expected a str, int, dict or list, not object"
    with pytest.raises(TypeError, match=r"^rows\[1\] must be a dict, not object$"):
        digicert_contacts.check([ROWS[0], object()])  # type: ignore[list-item]
    with pytest.raises(InputError) as raised:
        digicert_contacts.check([row(7, email="Marker\ud800")])
    assert (raised.value.problems[0].row, raised.value.problems[0].code) == (0, "lone-surrogate")
    assert "Marker" not in repr(raised.value.problems)


def test_a_plan_lists_the_changes_and_its_repr_shows_no_values(
    client: Client, sandbox: Sandbox
) -> None:
    plan = client.plan([*ROWS, row(7)])
    assert plan.summary == (4, 3, 0, 0, 1, 0)
    order = plan.orders[0]
    assert (order.order_id, order.common_name, order.status, order.state, order.lines) == (
        100000001,
        "www.example.com",
        "issued",
        "changes",
        (1,),
    )
    change = order.changes[0]
    assert (change.field, change.before, change.after) == ("first_name", "Robin", "Jane")
    failed = plan.orders[-1].failure
    assert failed is not None
    assert (failed.kind, failed.outcome, failed.codes) == (
        "not-found",
        "rejected",
        ("not_found|order",),
    )
    assert plan.to_dicts()[0]["changes"][0] == change._asdict()
    assert repr(plan) == "<Plan: 4 orders: 3 changes, 1 read failed>"
    shown = f"{plan!r} {plan.orders!r} {list(plan.orders)!r}"
    assert "Robin" not in shown
    assert "jane.doe" not in shown
    assert sent(sandbox) == []


def test_records_are_a_sequence_and_pickle(client: Client) -> None:
    plan = client.plan(ROWS)
    orders = plan.orders
    assert (len(orders), orders[-1], list(orders[:2])) == (3, orders[2], [orders[0], orders[1]])
    assert (orders[::-1][0], list(orders[1:][:1])) == (orders[2], [orders[1]])
    assert (orders, hash(orders)) == (plan.orders, hash(plan.orders))
    assert orders != orders[:2]
    with pytest.raises(IndexError):
        orders[3]
    assert [order.order_id for order in reversed(orders)] == ORDERS[::-1]
    copied = pickle.loads(pickle.dumps(orders))  # noqa: S301 - made here
    assert copied == orders
    assert (list(copied), hash(copied)) == (list(orders), hash(orders))
    assert copied.to_dicts() == orders.to_dicts()


def test_a_plan_cannot_be_pickled(client: Client) -> None:
    with pytest.raises(TypeError, match="use save\\(\\) instead"):
        pickle.dumps(client.plan(ROWS))


def test_a_run_changes_verifies_and_writes_a_private_journal(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"
    report = client.plan([*ROWS, row(7)]).apply(journal=journal)
    assert names(sandbox) == ["Jane"] * 3
    assert (report.summary.changed, report.summary.verified, report.summary.read_failed) == (
        3,
        3,
        1,
    )
    assert (report.all_done, report.stopped) == (False, None)
    assert [order.result for order in report.orders] == ["changed"] * 3 + ["read-failed"]
    assert repr(report) == "<Report: 4 orders: 1 read failed, 3 changed, 3 verified>"
    assert "jane.doe" not in repr(list(report.orders))
    copied = pickle.loads(pickle.dumps(report))  # noqa: S301 - made here
    assert copied == report
    assert copied.to_dicts() == report.to_dicts()
    if os.name == "posix":
        assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_a_plan_is_applied_once_and_never_replaces_a_journal(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    plan = client.plan(ROWS)
    (tmp_path / "there").write_text("mine")
    with pytest.raises(FileExistsError, match="there"):
        plan.apply(journal=tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"
    assert sent(sandbox) == []
    assert plan.apply(journal=None).all_done
    with pytest.raises(RuntimeError, match="the plan was already applied"):
        plan.apply(journal=None)
    assert len(sent(sandbox)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of files there")
def test_a_journal_without_space_for_its_plan_is_removed(sandbox: Sandbox, tmp_path: Path) -> None:
    program = """
import resource, signal, sys
import digicert_contacts
jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
client = digicert_contacts.Client(sys.argv[1], base_url=sys.argv[2])
plan = client.plan([{"order_id": 100000001, "technical_contact": jane}])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    plan.apply(journal=sys.argv[3])
except OSError:
    print("rejected")
"""
    journal = tmp_path / "run.jsonl"
    command = [sys.executable, "-c", program, sandbox.api_key, sandbox.base_url, str(journal)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert result.stdout == "rejected\n"
    assert not journal.exists()
    assert sent(sandbox) == []


def test_a_limited_run_is_resumed_and_undone(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    before = names(sandbox)
    journal = tmp_path / "run.jsonl"
    canary = client.plan(ROWS).apply(journal=journal, limit=1)
    assert (canary.summary.changed, canary.summary.skipped) == (1, 2)
    assert client.resume(journal).all_done
    assert sent(sandbox) == [str(order) for order in ORDERS]
    undo = client.undo(journal)
    assert (undo.summary.changes, undo.not_restorable) == (3, ())
    assert undo.apply(journal=tmp_path / "undo.jsonl").all_done
    assert names(sandbox) == before


def test_an_undo_lists_what_is_not_restorable(client: Client, tmp_path: Path) -> None:
    # 100000005 has no technical contact.
    plan = client.plan([row(100000005)])
    plan.apply(journal=tmp_path / "run.jsonl")
    undo = client.undo(tmp_path / "run.jsonl")
    assert [(item.order_id, item.reason) for item in undo.not_restorable] == [
        (100000005, "contact-was-added")
    ]


def test_a_saved_plan_is_loaded_unless_it_was_edited(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    plan = client.plan(ROWS)
    plan.save(tmp_path / "plan.json")
    with pytest.raises(FileExistsError):
        plan.save(tmp_path / "plan.json")
    loaded = Plan.load(client, tmp_path / "plan.json")
    assert (loaded.digest, loaded.created, loaded.base_url) == (
        plan.digest,
        plan.created,
        sandbox.base_url,
    )
    edited = (tmp_path / "plan.json").read_text().replace("jane.doe", "john.doe")
    (tmp_path / "edited.json").write_text(edited)
    with pytest.raises(PlanFileError, match="the plan was edited after it was written"):
        Plan.load(client, tmp_path / "edited.json")
    with pytest.raises(AccountMismatchError, match="nothing was sent"):
        Plan.load(Client("key"), tmp_path / "plan.json")
    assert loaded.apply(journal=None).all_done


def test_another_key_must_be_allowed(client: Client, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"
    client.plan(ROWS).apply(journal=journal, limit=0)
    other = Client("other", base_url=client.base_url)
    with pytest.raises(AccountMismatchError, match="pass other_key=True"):
        other.resume(journal)
    report = other.resume(journal, other_key=True)
    assert report.stopped is not None
    assert (report.stopped.kind, report.summary.skipped) == ("key-rejected", 2)
    assert client.resume(journal, other_key=True).all_done


def test_repeated_rejections_without_a_code_stop_a_run_that_can_be_resumed(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"
    orders = [order for order in range(100000001, 100000010) if order not in (100000003, 100000008)]
    plan = client.plan([row(order) for order in orders])
    todo = plan.summary.changes
    sandbox.add_fault("status", status=404, body={})
    report = plan.apply(journal=journal)
    assert report.stopped is not None
    assert (report.stopped.kind, report.summary.failed) == ("unavailable", 3)
    assert len(sent(sandbox)) == 3
    sandbox.clear_faults()
    again = client.resume(journal)
    assert again.all_done
    assert again.summary.changed == todo


def test_a_closed_client_applies_no_plan(sandbox: Sandbox) -> None:
    with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        plan = client.plan(ROWS)
    with pytest.raises(RuntimeError, match="the client is closed"):
        plan.apply(journal=None)


def test_a_rejected_key_stops_planning(client: Client) -> None:
    with pytest.raises(PlanStoppedError) as caught:
        Client("wrong", base_url=client.base_url).plan(ROWS)
    assert (caught.value.failure.kind, caught.value.failure.outcome) == ("key-rejected", "rejected")
    assert str(caught.value).startswith(
        "stopped after 0 of 3 orders were read, nothing was changed"
    )


def test_progress_counts_the_orders_to_process(client: Client, tmp_path: Path) -> None:
    events: list[Progress] = []
    rows = [ROWS[0], row(7), *ROWS[1:]]
    plan = client.plan(rows, progress=events.append)
    assert [(step.done, step.total, step.failed, step.result) for step in events] == [
        (1, 4, 0, "changes"),
        (2, 4, 1, "read-failed"),
        (3, 4, 1, "changes"),
        (4, 4, 1, "changes"),
    ]
    events.clear()
    plan.apply(journal=tmp_path / "run.jsonl", limit=2, progress=events.append)
    assert events == [
        Progress(1, 2, 0, 100000001, "changed"),
        Progress(2, 2, 0, 100000002, "changed"),
    ]


class Enough(BaseException):
    """The exception of a callback."""


def enough(step: Progress) -> None:
    raise Enough(step.done)


def test_an_exception_of_a_callback_stops_the_run_and_is_raised(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    journal = tmp_path / "run.jsonl"
    with pytest.raises(Enough):
        client.plan(ROWS, progress=enough)
    assert len(sandbox.requests()) == 1
    plan = client.plan(ROWS)
    with pytest.raises(Enough):
        plan.apply(journal=journal, progress=enough)
    assert sent(sandbox) == ["100000001"]
    assert client.resume(journal).all_done
    assert sent(sandbox) == [str(order) for order in ORDERS]


def test_concurrent_requests_have_the_same_results(client: Client, sandbox: Sandbox) -> None:
    plan = client.plan(ROWS)
    report = plan.apply(journal=None, concurrency=3, limit=2**70)
    assert report.all_done
    assert sorted(sent(sandbox)) == [str(order) for order in ORDERS]


def test_an_order_that_changed_since_a_saved_plan_is_a_conflict(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    client.plan(ROWS).save(tmp_path / "plan.json")
    colleague = Contact.from_dict({**JANE, "first_name": "Mallory"})
    client.update_contacts(ORDERS[0], technical=colleague)
    plan = Plan.load(client, tmp_path / "plan.json")
    report = plan.apply(journal=None)
    assert (report.summary.conflict, report.summary.changed) == (1, 2)
    by_field = {conflict.field: conflict for conflict in report.orders[0].conflicts}
    assert by_field["first_name"] == ("technical_contact", "first_name", "Robin", "Mallory", "Jane")
    assert "Mallory" not in repr(report.orders[0])
    assert report.to_dicts()[0]["conflicts"][0]["planned"] == "Robin"
    plan = Plan.load(client, tmp_path / "plan.json")
    assert plan.apply(journal=None, refresh=False).all_done
    assert names(sandbox) == ["Jane"] * 3


def test_a_random_sample_is_verified(client: Client) -> None:
    report = client.plan(ROWS).apply(journal=None, verify="sample:2")
    summary = report.summary
    assert (summary.changed, summary.verified, summary.sampled) == (3, 2, 2)
    assert report.all_done


@pytest.mark.parametrize("by_report", [3, 0])
def test_the_reports_verify_what_they_show(
    by_report: int, client: Client, sandbox: Sandbox
) -> None:
    if not by_report:
        sandbox.add_fault("absent", path="report/order")
    report = client.plan(ROWS).apply(journal=None, verify="report")
    summary = report.summary
    assert (summary.verified, summary.verified_by_report) == (3, by_report)
    expected = "verified-by-report" if by_report else "verified"
    assert {order.verification for order in report.orders} == {expected}
    assert report.all_done


def test_check_again_is_accepted_with_a_warning(client: Client) -> None:
    plan = client.plan(ROWS)
    with pytest.warns(DeprecationWarning, match="^check_again does nothing"):
        plan.apply(journal=None, check_again=True)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"concurrency": 0}, ValueError, "concurrency must be 1 or more"),
        ({"concurrency": "2"}, TypeError, "concurrency must be an int, not str"),
        ({"limit": -1}, ValueError, "limit must be 0 or more"),
        ({"limit": 1.5}, TypeError, "limit must be an int, not float"),
        ({"verify": 1}, TypeError, "verify must be True, False or a str, not int"),
        (
            {"verify": "sample"},
            ValueError,
            "verify: expected `all`, `sample:N` with a number of orders, `report`, or `none`",
        ),
        ({"refresh": "no"}, TypeError, "refresh must be True or False, not str"),
        ({"stop_after_failures": 0}, ValueError, "stop_after_failures must be 1 or more"),
        ({"dry_run": True}, TypeError, "unexpected keyword argument 'dry_run'"),
    ],
    ids=str,
)
def test_an_invalid_option_is_an_error(
    settings: dict[str, Any], error: type[Exception], message: str, client: Client
) -> None:
    with pytest.raises(error, match=f"^{message}$"):
        client.plan(ROWS).apply(journal=None, **settings)


def test_a_missing_file_raises_pythons_own_exception(client: Client, tmp_path: Path) -> None:
    journal = tmp_path / "none.jsonl"
    with pytest.raises(FileNotFoundError) as caught:
        client.resume(journal)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOENT, str(journal))


def test_worker_threads_of_a_run_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    plan = client.plan(ROWS)
    caplog.set_level("DEBUG", logger="digicert_contacts")
    plan.apply(journal=None)
    puts = [message for message in caplog.messages if " 204 in " in message]
    assert len(puts) == 3
    assert "jane" not in caplog.text.lower()
