"""The Ansible collection, run by ansible-core against a sandbox."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import digicert_contacts
from digicert_contacts import Client
from digicert_contacts.testing import Sandbox

pytest.importorskip("ansible")

COLLECTION = Path(__file__).parents[2] / "ansible"
MODULE = "digicert_contacts.certcentral.order_contacts"
NOT_FOUND = "the server answered 404: not_found|order: The order does not exist in this account."
EMAIL = "not an e-mail address: the domain has an empty label"
JANE = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}

Options = dict[str, Any]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build and install the collection, as a user does; return an environment that has it."""
    folder = tmp_path_factory.mktemp("ansible")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
    }
    galaxy = ["ansible-galaxy", "collection"]
    run([*galaxy, "build", str(COLLECTION), "--output-path", str(folder)], environment)
    (archive,) = folder.glob("digicert_contacts-*.tar.gz")
    run([*galaxy, "install", str(archive), "-p", str(folder), "--offline"], environment)
    return environment


def run(command: list[str], environment: dict[str, str]) -> str:
    ran = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


class Play:
    """Runs tasks of the module in one play, and keeps what ansible-playbook printed."""

    def __init__(self, environment: dict[str, str], folder: Path, sandbox: Sandbox) -> None:
        """Use the folder for the files of the play."""
        self.environment = environment
        self.folder = folder
        self.defaults = {"api_key": sandbox.api_key, "base_url": sandbox.base_url}
        self.output = ""

    def run(self, *tasks: Options, options: tuple[str, ...] = ()) -> list[Options]:
        """Run tasks; each is the options of the module, and keywords of a task in `task`."""
        names = [f"result_{index}" for index in range(len(tasks))]
        listed = [
            {
                "ignore_errors": True,
                "register": name,
                **task.get("task", {}),
                MODULE: {key: value for key, value in task.items() if key != "task"},
            }
            for name, task in zip(names, tasks, strict=True)
        ]
        results = self.folder / "results.json"
        content = "{{ [" + ", ".join(names) + "] | to_json }}"
        copy = {"content": content, "dest": str(results)}
        last = {"ansible.builtin.copy": copy, "check_mode": False, "diff": False, "no_log": True}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {MODULE: self.defaults},
            "tasks": [*listed, last],
        }
        book = self.folder / "play.yml"
        book.write_text(yaml.safe_dump([play]))
        self.output = run(["ansible-playbook", str(book), *options], self.environment)
        read: list[Options] = json.loads(results.read_text())
        return read


@pytest.fixture
def play(environment: dict[str, str], tmp_path: Path, sandbox: Sandbox) -> Play:
    return Play(environment, tmp_path, sandbox)


@pytest.fixture(scope="module")
def module() -> ModuleType:
    path = COLLECTION / "plugins/modules/order_contacts.py"
    spec = importlib.util.spec_from_file_location("order_contacts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def puts(sandbox: Sandbox) -> int:
    return sum(request[0] == "PUT" for request in sandbox.requests())


def test_a_second_run_changes_nothing_and_check_mode_sends_no_update(
    play: Play, sandbox: Sandbox, tmp_path: Path
) -> None:
    task = {"order_id": [100000001, "100000005"], "technical_contact": JANE}
    task |= {"journal_dir": str(tmp_path / "journals")}
    check, first, again = play.run({**task, "task": {"check_mode": True}}, task, task)
    assert [check["changed"], first["changed"], again["changed"]] == [True, True, False]
    assert check["summary"]["changed"] == first["summary"]["changed"] == 2
    assert puts(sandbox) == 2, "those of the first run alone"
    assert first["orders"][0] == {
        "order_id": "100000001",
        "common_name": "www.example.com",
        "result": "changed",
        "fields": [f"technical_contact.{name}" for name in JANE],
        "verification": "verified",
        "reason": None,
    }
    assert again["summary"]["unchanged"] == 2

    assert again["journal"] is None
    assert [str(path) for path in (tmp_path / "journals").iterdir()] == [first["journal"]]
    with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        undo = client.undo(first["journal"])
    assert undo.summary.changes == 1, "a contact that was added stays"


def test_a_diff_has_the_values_and_the_result_has_none(play: Play) -> None:
    task = {"order_id": ["100000001"], "technical_contact": JANE}
    diff, _ = play.run({**task, "task": {"check_mode": True, "diff": True}}, task)
    kept = {"job_title": "Platform Engineer", "telephone": "+1 555 0100"}
    before = {"first_name": "Robin", "last_name": "Leaver", "email": "robin.leaver@example.com"}
    assert diff.pop("diff") == [
        {
            "before_header": "order 100000001",
            "after_header": "order 100000001",
            "before": {"technical_contact": {**before, **kept}},
            "after": {"technical_contact": {**JANE, **kept}},
        }
    ]
    assert '-        "email": "robin.leaver@example.com"' in play.output
    assert "@" not in json.dumps(diff)


def test_ansible_checks_the_options_first(play: Play) -> None:
    contact = {"technical_contact": JANE}
    results = play.run(
        {"order_id": ["1"]},
        {"orders": [{"order_id": "1"}]},
        {"order_id": ["1"], "technical_contact": {"first_name": "Jane"}},
        {"orders": [{"order_id": "1", **contact}], **contact},
    )
    assert [result["msg"] for result in results] == [
        "one of the following is required: orders, technical_contact, organization_contact",
        "one of the following is required: technical_contact, organization_contact found in orders",
        "missing required arguments: email, last_name found in technical_contact",
        "parameters are mutually exclusive: orders|technical_contact",
    ]


def test_all_violations_are_in_one_message_and_nothing_is_sent(
    play: Play, sandbox: Sandbox
) -> None:
    wrong = {"first_name": " ", "last_name": "x" * 129, "email": "jane@"}
    orders = [
        {"order_id": "100000001", "technical_contact": wrong, "organization_contact": JANE},
        {"order_id": "x", "organization_contact": wrong},
    ]
    many, same, verify = play.run(
        {"orders": orders},
        {"order_id": ["100000001", "x"], "technical_contact": wrong},
        {"order_id": ["1"], "technical_contact": JANE, "verify": "some"},
    )
    assert many["msg"].splitlines() == [
        "invalid options, nothing was sent:",
        "  orders[0].technical_contact.first_name: must not be blank",
        "  orders[0].technical_contact.last_name: 129 characters; the limit is 128",
        f"  orders[0].technical_contact.email: {EMAIL}",
        "  orders[1].order_id: not an order id: expected 1 to 19 digits, no leading zero",
        "  orders[1].organization_contact.first_name: must not be blank",
        "  orders[1].organization_contact.last_name: 129 characters; the limit is 128",
        f"  orders[1].organization_contact.email: {EMAIL}",
    ]
    assert same["msg"].splitlines() == [
        "invalid options, nothing was sent:",
        "  technical_contact.first_name: must not be blank",
        "  technical_contact.last_name: 129 characters; the limit is 128",
        f"  technical_contact.email: {EMAIL}",
        "  order_id[1]: not an order id: expected 1 to 19 digits, no leading zero",
    ]
    assert verify["msg"].startswith("verify: expected `all`, `sample:N`")
    assert not sandbox.requests()


def test_orders_that_fail_do_not_stop_the_others(play: Play, sandbox: Sandbox) -> None:
    orders = [
        {"order_id": "100000001", "technical_contact": JANE},
        {"order_id": "100000003", "organization_contact": JANE},
        {"order_id": "99", "technical_contact": JANE},
    ]
    check, changed = play.run({"orders": orders, "task": {"check_mode": True}}, {"orders": orders})
    assert check["msg"] == changed["msg"]
    assert changed["msg"].splitlines() == [
        "2 of 3 orders failed:",
        "  DigiCert would reject the update of order 100000003: organization-contact-on-dv",
        f"  order 99 could not be read: {NOT_FOUND}",
    ]
    assert (changed["failed"], changed["changed"], puts(sandbox)) == (True, True, 1)
    results = [order["result"] for order in changed["orders"]]
    assert results == ["changed", "blocked", "read-failed"]


def test_the_key_is_never_shown(play: Play) -> None:
    play.defaults["api_key"] = "Marker-4711"
    task = {"order_id": ["100000001", "100000002"], "technical_contact": JANE}
    check, rejected = play.run(
        {**task, "task": {"check_mode": True}}, task, options=("-vvv", "--diff")
    )
    failed = "order 100000001 could not be read: the server answered 403: access_denied|"
    nothing = "stopped after 0 of 2 orders were read, nothing was changed: "
    assert check["msg"].startswith(nothing + failed)
    title, reason = rejected["msg"].splitlines()
    assert title == "2 of 2 orders failed (1 skipped):"
    assert reason.startswith("  " + failed)
    assert "Marker-4711" not in play.output
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in play.output


def test_the_key_comes_from_the_environment_of_the_task(play: Play) -> None:
    key = play.defaults.pop("api_key")
    task = {"order_id": ["100000001"], "technical_contact": JANE}
    missing, found = play.run(task, {**task, "task": {"environment": {"DIGICERT_API_KEY": key}}})
    assert missing["msg"] == "missing required arguments: api_key"
    assert found["changed"]


def test_without_the_package_the_message_names_it(play: Play, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=False)
    python = str(tmp_path / "empty/bin/python")
    task = {"order_id": ["1"], "technical_contact": JANE}
    (missing,) = play.run({**task, "task": {"vars": {"ansible_python_interpreter": python}}})
    assert missing["msg"].startswith(
        "Failed to import the required Python library (digicert-contacts) on "
    )


def test_a_conflict_and_a_mismatch_name_the_fields(module: ModuleType) -> None:
    changed = {"contact_type": "technical_contact", "field": "email"}
    order: Options = {
        "order_id": 1,
        "common_name": None,
        "changes": [],
        "failure": None,
        "blocked": None,
    }
    for result, name, expected in [
        ("conflict", "conflicts", "was changed by somebody else at the same time"),
        ("changed", "differences", "does not have the values that were sent"),
    ]:
        record = module.record({**order, "result": result, name: [changed]})
        assert record["reason"] == f"order 1 {expected}: technical_contact.email"


def test_the_documentation_renders(environment: dict[str, str]) -> None:
    command = ["ansible-doc", "--type", "module", MODULE]
    text = run(command, environment)
    assert "digicert-contacts undo" in text
    shown = json.loads(run([*command, "--json"], environment))[MODULE]
    assert set(shown["doc"]["options"]) == {
        *("order_id", "orders", "technical_contact", "organization_contact"),
        *("api_key", "region", "base_url", "rate_limit_url", "journal_dir", "verify"),
    }


def run_book(play: Play, book: Options, folder: Path) -> str:
    """Run a documented play against the sandbox."""
    environment = {"DIGICERT_API_KEY": play.defaults.pop("api_key")}
    book |= {"module_defaults": {MODULE: play.defaults}, "environment": environment}
    (folder / "book.yml").write_text(yaml.safe_dump([book]))
    environment = {**play.environment, "HOME": str(folder)}
    return run(["ansible-playbook", str(folder / "book.yml")], environment)


def test_the_examples_run(play: Play, module: ModuleType, tmp_path: Path) -> None:
    orders = [{"order_id": "100000005", "organization_contact": JANE}]
    (tmp_path / "orders.yml").write_text(yaml.safe_dump(orders))
    tasks = yaml.safe_load(module.EXAMPLES.replace("/var/lib", str(tmp_path)))
    variables = {"digicert_api_key": play.defaults["api_key"]}
    book = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}
    output = run_book(play, book, tmp_path)
    assert "changed=3 " in output
    assert '"msg": [\n        "100000005"\n    ]' in output
    assert "@" not in output


def test_the_playbook_of_the_readme_runs(play: Play, tmp_path: Path) -> None:
    text = (COLLECTION / "README.md").read_text()
    book, orders = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "orders.yml").write_text(orders)
    output = run_book(play, yaml.safe_load(book)[0], tmp_path)
    assert '"changed": 2,' in output
    assert "@" not in output
    assert list((tmp_path / ".local/state/digicert-contacts").glob("*.jsonl"))


def test_the_collection_has_the_version_of_the_package() -> None:
    galaxy = yaml.safe_load((COLLECTION / "galaxy.yml").read_text())
    assert galaxy["version"] == digicert_contacts.__version__
