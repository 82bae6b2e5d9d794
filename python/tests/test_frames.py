"""Frames and tables as sources; needs polars, pandas and pyarrow: `make test-frames`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import digicert_contacts
from digicert_contacts import Checked, Client, InputError

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
    expected = digicert_contacts.plan(client, rows)
    plan = digicert_contacts.plan(client, FRAMES[name]())
    assert plan.to_dicts() == expected.to_dicts()
    assert plan.orders[1].changes[0].after == "Inés"


def test_mistakes_are_told_by_the_index_of_the_row() -> None:
    frame = polars.DataFrame({**COLUMNS, "email": ["a@example.com", "Marker", None]})
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(frame)
    told = [(problem.row, problem.column, problem.code) for problem in caught.value.problems]
    assert told == [(1, "email", "email-format"), (2, "email", "required")]
    assert "Marker" not in str(caught.value)


def test_a_column_of_another_type_is_named() -> None:
    message = "column `order_id`: text or whole numbers are expected, not Float64"
    with pytest.raises(TypeError, match=re.escape(message)):
        digicert_contacts.check(table(order_id=[1.0, 2.0, 3.0]))


def test_a_frame_without_rows_is_refused() -> None:
    with pytest.raises(InputError, match="there is no row"):
        digicert_contacts.check(polars.DataFrame(COLUMNS)[:0])


def test_many_rows_are_read() -> None:
    count = 100_000
    frame = polars.select(
        order_id=polars.int_range(1, count + 1),
        contact_type=polars.lit("technical_contact"),
        first_name=polars.lit("Jane"),
        last_name=polars.lit("Doe"),
        email=polars.lit("jane.doe@example.com"),
    )
    assert digicert_contacts.check(frame) == Checked(count, count)


def test_nothing_of_them_is_imported_by_the_package() -> None:
    package = Path(digicert_contacts.__file__).parent
    text = "".join(file.read_text(encoding="utf-8") for file in package.glob("*.py"))
    assert not re.search(r"import (polars|pandas|pyarrow)", text)
