"""Frames and tables as sources; needs polars, pandas and pyarrow: `make test-frames`."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import digicert_contacts
from digicert_contacts import CheckSummary, Client, InputError

polars = pytest.importorskip("polars", reason="make test-frames installs it")
pandas = pytest.importorskip("pandas", reason="make test-frames installs it")
pyarrow = pytest.importorskip("pyarrow", reason="make test-frames installs it")

ORDERS = [100000001, 100000002, 100000006]
COLUMNS: dict[str, list[object]] = {
    "order_id": [*ORDERS],
    "contact_type": ["technical_contact"] * 3,
    "first_name": ["Jane", "Inés", "Jane"],
    "last_name": ["Doe"] * 3,
    "email": ["jane.doe@example.com"] * 3,
    "telephone": [None, "", "+1 555"],
}


def table(**columns: object) -> Any:  # noqa: ANN401 - pyarrow has no types

    return pyarrow.table({**COLUMNS, **columns})


FRAMES: dict[str, Callable[[], Any]] = {
    "polars": lambda: polars.DataFrame(COLUMNS),
    "polars in parts": lambda: polars.concat(
        [polars.DataFrame(COLUMNS)[:1], polars.DataFrame(COLUMNS)[1:]], rechunk=False
    ),
    "polars categories": lambda: polars.DataFrame(COLUMNS).cast(
        {"contact_type": polars.Categorical}
    ),
    "pandas": lambda: pandas.DataFrame(COLUMNS),
    "pandas categories": lambda: pandas.DataFrame(COLUMNS).astype({"contact_type": "category"}),
    "pyarrow": table,
    "a batch": lambda: table().to_batches()[0],
    "a reader": lambda: table().to_reader(),
    "polars without a type": lambda: polars.DataFrame(COLUMNS).with_columns(
        job_title=polars.lit(None)
    ),
    "polars long ids": lambda: polars.DataFrame(COLUMNS).cast({"order_id": polars.Int128}),
    "pandas of floats": lambda: pandas.DataFrame(COLUMNS).assign(
        order_id=[float(order) for order in ORDERS], language_id=float("nan")
    ),
    "records of pandas": lambda: (
        pandas.DataFrame(COLUMNS)
        .assign(language_id=float("nan"), job_title=pandas.NA)
        .to_dict("records")
    ),
    "ids as text": lambda: table(order_id=[str(order) for order in ORDERS]),
    "large text": lambda: table(email=pyarrow.array(COLUMNS["email"], pyarrow.large_string())),
    "views": lambda: table(email=pyarrow.array(COLUMNS["email"], pyarrow.string_view())),
    "small numbers": lambda: table(order_id=pyarrow.array(ORDERS, pyarrow.uint32())),
    "nothing but nulls": lambda: table(
        job_title=pyarrow.nulls(3),
        language_id=pyarrow.DictionaryArray.from_arrays(
            pyarrow.array([None] * 3, pyarrow.int8()), pyarrow.array([], pyarrow.string())
        ),
    ),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_means_the_same_as_its_rows(name: str, client: Client) -> None:
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in zip(*COLUMNS.values(), strict=True)]
    expected = client.plan(rows)
    plan = client.plan(FRAMES[name]())
    assert plan.to_dicts() == expected.to_dicts()
    assert plan.orders[1].changes[0].after == "Inés"


def test_the_unnamed_index_of_a_filtered_frame_is_no_column(client: Client) -> None:
    frame = pandas.DataFrame(COLUMNS)
    filtered = frame[frame["order_id"] != ORDERS[0]]
    plan = client.plan(filtered)
    assert plan.to_dicts() == client.plan(filtered.reset_index(drop=True)).to_dicts()
    assert len(plan.orders) == len(ORDERS) - 1
    assert client.plan(frame[frame["order_id"] == 1]).summary.orders == 0
    levels = frame.set_index([[1, 2, 3], [4, 5, 6]])
    assert digicert_contacts.check(levels).orders == len(ORDERS)
    with pytest.raises(InputError, match="order_id: required column is missing"):
        digicert_contacts.check(filtered[[]])


def test_problems_have_the_index_of_the_row() -> None:
    frame = polars.DataFrame({**COLUMNS, "email": ["a@example.com", "Marker", None]})
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(frame)
    found = [(problem.row, problem.column, problem.code) for problem in caught.value.problems]
    assert found == [(1, "email", "email-format"), (2, "email", "required")]
    assert "Marker" not in str(caught.value)


def test_every_column_of_the_wrong_type_is_reported() -> None:
    frame = polars.DataFrame(COLUMNS).with_columns(
        email=polars.Series([True] * 3),
        language_id=polars.date(2026, 1, 31),
        order_id=polars.lit(b"1"),
    )
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(frame)
    expected = "expected text or integers, found"
    assert str(caught.value) == (
        "input rejected, nothing was sent:\n"
        f"  column `order_id`: {expected} BinaryView; convert the column or drop it\n"
        f"  column `email`: {expected} Boolean; convert the column or drop it\n"
        f"  column `language_id`: {expected} Date32; convert the column or drop it"
    )
    found = [(problem.column, problem.code, problem.row) for problem in caught.value.problems]
    assert found == [(name, "wrong-type", None) for name in ("order_id", "email", "language_id")]


def test_columns_have_the_names_of_a_file() -> None:
    frame = pandas.DataFrame(COLUMNS).rename(columns={"email": "Größe", "order_id": "Order ID"})
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(frame)
    assert str(caught.value) == (
        "input rejected, nothing was sent; 4 problems:\n"
        "  Order ID: unknown column; did you mean `order_id`?\n"
        "  Größe: unknown column; remove it, or ignore it with --ignore-columns"
        " (in a program, `ignore_columns`)\n"
        "  order_id: required column is missing, or ignored\n"
        "  email: required column is missing, or ignored"
    )
    assert {(problem.row, problem.positions) for problem in caught.value.problems} == {(None, ())}
    with pytest.raises(InputError, match="no column of contacts") as caught:
        digicert_contacts.check(pandas.DataFrame([["Marker", "Doe"]], columns=["Marker", "Doe"]))
    assert "Marker" not in str(caught.value)


def test_columns_that_are_ignored_may_have_any_type() -> None:
    frame = pandas.DataFrame({**COLUMNS, "status": True, "Größe": [{}] * len(COLUMNS["email"])})
    with pytest.raises(InputError, match="Größe: unknown column"):
        digicert_contacts.check(frame)
    for source in (frame, polars.DataFrame({**COLUMNS, "status": True, "Größe": 1.5})):
        assert digicert_contacts.check(source, ignore_columns=["Größe"]).orders == 3
    rows = frame.to_dict("records")
    with pytest.raises(InputError, match="Größe: unknown column"):
        digicert_contacts.check(rows)
    assert digicert_contacts.check(rows, ignore_columns=iter(["Größe"])).orders == 3
    with pytest.raises(TypeError, match="not a str"):
        digicert_contacts.check(rows, ignore_columns="Größe")


def test_values_are_trimmed_on_request() -> None:
    marked = [f" '{text}\u200e" if text else text for text in COLUMNS["telephone"]]
    for source in (table(telephone=marked), table(telephone=marked).to_pylist()):
        with pytest.raises(InputError):
            digicert_contacts.check(source)
        assert digicert_contacts.check(source, trim=True).contacts == 3


def test_a_duplicate_column_is_rejected() -> None:
    frame = pandas.DataFrame(COLUMNS)
    frame = pandas.concat([frame, frame[["email"]]], axis=1)
    with pytest.raises(InputError, match="email: duplicate column"):
        digicert_contacts.check(frame)
    with pytest.raises(InputError, match="email: duplicate column"):
        digicert_contacts.check(
            pyarrow.Table.from_arrays([*table().columns, table()["email"]], [*COLUMNS, "email"])
        )


def test_escaped_formulas_are_unescaped_in_frames(client: Client) -> None:
    armed = [None, "", "'+1 555"]
    assert (
        client.plan(table(telephone=armed)).to_dicts()
        == client.plan(table(telephone=[None, "", "+1 555"])).to_dicts()
    )


def test_ids_that_single_precision_cannot_represent_are_rejected() -> None:
    ids = pyarrow.array([7.0, 16777215.0, 100000009.0], pyarrow.float32())
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(table(order_id=ids))
    (problem,) = caught.value.problems
    assert (problem.column, problem.code, problem.positions) == (
        "order_id",
        "order-id-format",
        (2,),
    )


def test_categories_that_are_not_text_are_reported() -> None:
    days = pyarrow.array([0, 0, 0], pyarrow.date32()).dictionary_encode()
    with pytest.raises(InputError, match=r"column `telephone`: .* found Date32"):
        digicert_contacts.check(table(telephone=days))


def test_a_fraction_is_not_an_order_id() -> None:
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(table(order_id=[1.5, -2.0, 1e17]))
    (problem,) = caught.value.problems
    assert (problem.column, problem.code, problem.positions) == (
        "order_id",
        "order-id-format",
        (0, 1, 2),
    )


def test_a_column_of_several_types_is_reported_by_row_and_without_values() -> None:
    frame = pandas.DataFrame(COLUMNS).assign(telephone=[5, "+1 Marker", None])
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(frame)
    message = "rows[0].telephone: expected a string, found a number"
    assert message in str(caught.value)
    assert "Marker" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("package", [polars, pandas])
def test_a_single_column_is_not_a_table(package: Any) -> None:  # noqa: ANN401 - no types
    with pytest.raises(TypeError, match="the data of this Series cannot be read as a table"):
        digicert_contacts.check(package.Series(["a"]))


def test_pandas_reads_the_example_like_the_package() -> None:
    file = Path(__file__).parents[2] / "examples" / "contacts.csv"
    frame = pandas.read_csv(file)
    assert frame["language_id"].dtype == float
    checked = digicert_contacts.check(file)
    assert digicert_contacts.check(frame) == checked
    assert digicert_contacts.check(frame.to_dict("records")) == checked


EMPTY: dict[str, Callable[[], Any]] = {
    "polars": lambda: polars.DataFrame(COLUMNS)[:0],
    "polars without types": lambda: polars.DataFrame(schema=list(COLUMNS)),
    "polars of an empty list": lambda: polars.DataFrame([]),
    "pandas": lambda: pandas.DataFrame(COLUMNS)[:0],
    "pandas without types": lambda: pandas.DataFrame(columns=list(COLUMNS)),
    "pandas of an empty list": lambda: pandas.DataFrame([]),
    "pyarrow": lambda: table()[:0],
    "a batch": lambda: table().to_batches()[0][:0],
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_frame_without_rows_is_an_empty_plan(name: str, client: Client) -> None:
    assert digicert_contacts.check(EMPTY[name]()) == CheckSummary(0, 0)
    report = client.plan(EMPTY[name]()).apply(journal=None)
    assert (report.all_done, report.to_dicts()) == (True, [])


@pytest.mark.parametrize(
    "frame",
    [
        lambda: polars.DataFrame(schema=["order_id", "name"]),
        lambda: pandas.DataFrame({"name": [1, 2]})[[]],
    ],
    ids=["other columns", "rows without columns"],
)
def test_the_columns_of_an_empty_frame_are_checked(frame: Callable[[], Any]) -> None:
    with pytest.raises(InputError, match="column"):
        digicert_contacts.check(frame())


def test_many_rows_are_read() -> None:
    count = 100_000
    frame = polars.select(
        order_id=polars.int_range(1, count + 1),
        contact_type=polars.lit("technical_contact"),
        first_name=polars.lit("Jane"),
        last_name=polars.lit("Doe"),
        email=polars.lit("jane.doe@example.com"),
    )
    assert digicert_contacts.check(frame) == CheckSummary(count, count)
