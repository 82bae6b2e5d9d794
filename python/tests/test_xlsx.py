"""Workbooks that other programs write and read."""

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

import digicert_contacts
from digicert_contacts import Client, InputError

HEADER = ["order_id", "contact_type", "first_name", "last_name", "email", "telephone"]


def write(path: Path, *rows: list[object]) -> Path:
    workbook = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_a_workbook_is_planned(client: Client, tmp_path: Path) -> None:
    row = [100000001, "technical_contact", "Jane", "Doe", "jane@example.com", "030 1234"]
    plan = client.plan(write(tmp_path / "contacts.xlsx", row))
    assert (plan.summary.changes, plan.orders[0].order_id) == (1, 100000001)


def test_a_problem_names_the_cell(tmp_path: Path) -> None:
    row = [100000001, "technical_contact", "Jane", "Doe", "jane@example.com", 301234]
    with pytest.raises(InputError) as raised:
        digicert_contacts.check(write(tmp_path / "contacts.xlsx", row))
    assert "contacts.xlsx:Sheet!F2: telephone: a spreadsheet wrote this" in str(raised.value)
    problem = raised.value.problems[0]
    assert (problem.line, problem.column) == (2, "telephone")


def test_an_export_is_a_workbook_of_texts(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    summary = client.export(path)
    sheet = openpyxl.load_workbook(path).active
    rows = list(sheet.iter_rows(values_only=True))
    assert (len(rows) - 1, sheet.freeze_panes) == (summary.contacts, "A2")
    assert all(isinstance(cell, str) for row in rows for cell in row if cell is not None)
    assert sheet.column_dimensions["A"].width > 15
    assert "+1 555 0100" in {row[6] for row in rows}, "no apostrophe in front"
    plan = client.plan(path)
    assert plan.summary.changes == 0
