"""Sources without rows: there is nothing to change today."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import digicert_contacts
from digicert_contacts import Client, InputError, Plan
from digicert_contacts.testing import Sandbox

HEADER = "order_id,contact_type,first_name,last_name,email"


def leavers() -> Iterator[dict[str, object]]:
    yield from ()


EMPTY: dict[str, Callable[[], Iterable[dict[str, object]]]] = {
    "a list": list,
    "a tuple": tuple,
    "a generator": leavers,
    "an iterator": lambda: iter([]),
    "a view": lambda: dict[str, dict[str, object]]().values(),
}


@pytest.mark.parametrize("name", EMPTY)
def test_without_rows_a_plan_is_empty_and_nothing_is_requested(
    name: str, client: Client, sandbox: Sandbox
) -> None:
    assert digicert_contacts.check(EMPTY[name]()) == (0, 0)
    plan = client.plan(EMPTY[name](), progress="rich")
    assert repr(plan) == "<Plan: 0 orders>"
    assert (list(plan.orders), plan.to_dicts(), set(plan.summary)) == ([], [], {0})
    assert sandbox.requests() == []


def test_the_run_of_an_empty_plan_does_nothing(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    client.plan([]).save(tmp_path / "plan.json")
    plan = Plan.load(client, tmp_path / "plan.json")
    journal = tmp_path / "run.jsonl"
    reports = [
        plan.apply(journal=journal, progress="rich"),
        client.resume(journal),
        client.undo(journal).apply(journal=None),
    ]
    for report in reports:
        assert (repr(report), report.to_dicts()) == ("<Report: 0 orders>", [])
        assert (report.all_done, report.stopped, set(report.summary)) == (True, None, {0})
    assert sandbox.requests() == []


def test_the_command_applies_an_empty_plan(
    client: Client, sandbox: Sandbox, tmp_path: Path
) -> None:
    client.plan([]).save(tmp_path / "plan.json")
    command = [sys.executable, "-m", "digicert_contacts", "apply", "plan.json", "--yes"]
    ran = subprocess.run(  # noqa: S603
        [*command, "--base-url", sandbox.base_url],
        cwd=tmp_path,
        env={"DIGICERT_API_KEY": sandbox.api_key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "\nplan: 0 orders\n\ndone: 0 orders\n"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_consumed_generator_is_an_error_not_an_empty_plan(client: Client) -> None:
    jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    rows = ({"order_id": order, "technical_contact": jane} for order in (100000001, 100000002))
    assert digicert_contacts.check(rows).orders == 2
    with pytest.raises(ValueError, match=r"^the generator was already consumed; pass a list to"):
        client.plan(rows)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rows.csv", f"{HEADER}\n", "no-rows"),
        ("a.csv", "", "empty-file"),
        ("a.jsonl", "", "no-lines"),
    ],
)
def test_a_file_without_rows_may_be_incomplete_and_is_rejected(
    name: str, content: str, code: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError) as caught:
        digicert_contacts.check(tmp_path / name)
    assert [problem.code for problem in caught.value.problems] == [code]
