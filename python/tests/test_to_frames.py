"""Plans, reports and search results as frames; `make test-frames` installs pandas and pyarrow."""

import asyncio
import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, strategies as st

from digicert_contacts import (
    AsyncClient,
    AsyncPlan,
    AsyncSearchResult,
    Client,
    Failure,
    FieldChange,
    Plan,
    Report,
    ReportedOrder,
    RunSummary,
    SearchResult,
)
from digicert_contacts._frame import Table
from digicert_contacts.testing import Sandbox

ROBIN = "robin.leaver@example.com"
JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
# A change, an order that is blocked, and one that does not exist.
ROWS = [
    {"order_id": 100000001, "technical_contact": JANE},
    {"order_id": 100000003, "organization_contact": JANE},
    {"order_id": 7, "technical_contact": JANE},
]
REASON = ["changed_fields", "blocked", "failure", "failure_kind", "failure_outcome"]
CHANGE = ["contact_type", "field", "change", "before", "after"]
PACKAGES = ["pandas", "polars", "pyarrow"]


def frame(source: Plan | Report | SearchResult | Table, package: str, **options: str) -> Any:  # noqa: ANN401 - optional packages
    """Return the frame of a package, if it is installed."""
    pytest.importorskip(package, reason="make test-frames installs it")
    return getattr(source, f"to_{package.removeprefix('py')}")(**options)


def cells(source: Any, package: str) -> list[dict[str, object]]:  # noqa: ANN401 - optional packages
    """Return the rows of a frame as dicts, with ``None`` for a null."""
    if package == "pandas":
        return source.astype(object).where(source.notna(), None).to_dict("records")  # type: ignore[no-any-return]
    return source.to_dicts() if package == "polars" else source.to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_plan_has_a_row_for_each_order(package: str, client: Client) -> None:
    plan = client.plan(ROWS)
    rows = cells(frame(plan, package), package)
    assert list(rows[0]) == ["order_id", "common_name", "status", "state", *REASON]
    changes, blocked, failed = rows
    fields = "technical_contact: first_name, last_name, email"
    assert list(changes.values())[:5] == [
        100000001,
        "www.example.com",
        "issued",
        "changes",
        fields,
    ]
    assert (blocked["state"], blocked["blocked"]) == ("blocked", "organization-contact-on-dv")
    failure = plan.orders[2].failure
    assert failure is not None
    assert list(failed.values())[4:] == [None, None, failure.message, "not-found", "rejected"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_report_has_results_and_verifications(package: str, client: Client) -> None:
    report = client.apply(ROWS, journal=None)
    rows = cells(frame(report, package), package)
    assert list(rows[0]) == ["order_id", "common_name", "status", "result", "verification", *REASON]
    assert [(row["result"], row["verification"]) for row in rows] == [
        ("changed", "verified"),
        ("blocked", None),
        ("read-failed", None),
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_plan_and_a_report_have_a_row_for_each_field(package: str, client: Client) -> None:
    plan = client.plan(ROWS)
    rows = cells(frame(plan, package, per="field"), package)
    assert list(rows[0]) == ["order_id", "common_name", "status", "state", *CHANGE]
    assert {row["order_id"] for row in rows} == {100000001}
    assert [tuple(row.values())[4:] for row in rows] == list(plan.orders[0].changes)
    report = plan.apply(journal=None)
    rows = cells(frame(report, package, per="field"), package)
    assert [(row["result"], row["field"], row["after"]) for row in rows][:1] == [
        ("changed", "first_name", "Jane")
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_what_was_found_is_a_source_for_a_plan(package: str, client: Client) -> None:
    found = client.find(ROBIN)
    rows = cells(frame(found, package), package)
    assert list(rows[0]) == [
        *("order_id", "contact_type", "first_name", "last_name", "email", "job_title"),
        *("telephone", "common_name", "status", "product"),
    ]
    assert [(row["order_id"], row["email"]) for row in rows] == [
        (contact.order_id, ROBIN) for contact in found
    ]
    assert client.plan(frame(found, package)).summary.unchanged == found.orders


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("per", ["order", "field"])
def test_the_types_are_the_same_with_and_without_rows(
    package: str, per: str, client: Client
) -> None:
    plans = [client.plan(rows) for rows in (ROWS, [])]
    full, empty = (frame(plan, package, per=per) for plan in plans)
    assert len(empty) == 0
    assert types(full, package) == types(empty, package)
    assert types(empty, package)["order_id"] == "int64"
    assert {*types(empty, package).values()} == {"int64", "string"}


def types(source: Any, package: str) -> dict[str, str]:  # noqa: ANN401 - optional packages
    """Return the name of the type of each column."""
    if package == "pandas":
        return source.dtypes.astype(str).to_dict()  # type: ignore[no-any-return]
    schema = source.schema
    named = schema.items() if package == "polars" else zip(schema.names, schema.types, strict=True)
    return {name: str(dtype).lower() for name, dtype in named}


@pytest.mark.parametrize("package", PACKAGES)
@given(st.lists(st.tuples(st.integers(1, 2**63 - 1), st.none() | st.text()), max_size=5))
def test_every_value_survives(package: str, rows: list[tuple[int, str | None]]) -> None:
    shown = cells(frame(Table(("order_id", "status"), rows), package), package)
    assert [tuple(row.values()) for row in shown] == rows


def test_a_report_that_was_pickled_has_the_same_frame() -> None:
    pytest.importorskip("polars")
    failure = Failure("other", "unknown", (), "it timed out")
    change = FieldChange("technical_contact", "email", "changes", None, "j@example.com")
    order = ReportedOrder(7, None, None, (1,), "failed", (change,), None, failure, None, (), ())
    summary = RunSummary(**dict.fromkeys(RunSummary._fields, 1))
    report = Report(summary, None, (order,))
    same = pickle.loads(pickle.dumps(report))  # noqa: S301 - made here
    assert cells(same.to_polars(), "polars") == cells(report.to_polars(), "polars")
    (row,) = report.to_polars().to_dicts()
    assert (row["failure_outcome"], row["changed_fields"]) == (
        "unknown",
        "technical_contact: email",
    )


def test_the_results_of_an_async_client_have_the_same_frames(sandbox: Sandbox) -> None:
    pytest.importorskip("polars")

    async def calls() -> tuple[AsyncPlan, AsyncSearchResult]:
        async with AsyncClient(sandbox.api_key, base_url=sandbox.base_url) as client:
            return await client.plan(ROWS), await client.find(ROBIN)

    plan, found = asyncio.run(calls())
    with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        assert plan.to_polars().equals(client.plan(ROWS).to_polars())
        assert found.to_polars().equals(client.find(ROBIN).to_polars())
    assert "<b>AsyncSearchResult: 11 contacts of 10 orders</b>" in found._repr_html_()


def test_another_row_is_a_value_error(client: Client) -> None:
    with pytest.raises(ValueError, match=r"^per must be 'order' or 'field'$"):
        client.plan([]).to_polars(per="contact")  # type: ignore[arg-type]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_missing_package_is_named(
    package: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    method = f"to_{package.removeprefix('py')}"
    for source in (client.plan([]), client.apply([], journal=None), client.find("nobody")):
        with pytest.raises(
            ModuleNotFoundError, match=f"^{package} is not installed: run `pip install {package}`$"
        ):
            getattr(source, method)()


def test_the_packages_are_not_imported_before_they_are_used() -> None:
    names = "'pandas', 'polars', 'pyarrow', 'numpy'"
    code = f"from digicert_contacts import *; import sys; assert not {{{names}}} & {{*sys.modules}}"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
