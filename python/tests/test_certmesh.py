"""A third-party client lists, searches and describes the orders of the sandbox.

Only `make test-third-party` has it, and says in CERTMESH_PYTHON which interpreter can import it. It
is used as a library: its command fails on every answer when it prints one (`vars()` of a class with
slots, in 3.0.38), whoever the answer is from.
"""

import json
import os
import subprocess
from typing import Any

import pytest

from digicert_contacts.testing import Sandbox

PYTHON = os.environ.get("CERTMESH_PYTHON", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="certmesh is for `make test-third-party`")

SCRIPT = """
import dataclasses, json, sys
from certmesh.providers import digicert_client
call = getattr(digicert_client, sys.argv[2])
settings = {"base_url": sys.argv[1], "retry": {"max_attempts": 1}}
got = call(settings, {}, None, **json.loads(sys.argv[3]))
listed = got if isinstance(got, list) else [got]
print(json.dumps([dataclasses.asdict(entry) for entry in listed]))
"""


def certmesh(sandbox: Sandbox, call: str, **arguments: object) -> list[dict[str, Any]]:
    command = [PYTHON, "-c", SCRIPT, sandbox.base_url, call, json.dumps(arguments)]
    environment = {**os.environ, "CM_DIGICERT_API_KEY": sandbox.api_key}
    ran = subprocess.run(  # noqa: S603 - the Makefile names the interpreter
        command, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    got: list[dict[str, Any]] = json.loads(ran.stdout)
    return got


def test_it_lists_the_orders() -> None:
    with Sandbox(orders=250, seed=7) as sandbox:
        listed = certmesh(sandbox, "list_issued_certificates", page_size=100)
        assert {entry["order_id"] for entry in listed} == set(range(100000001, 100000251))
        assert len(sandbox.requests()) == 3, "one page after another"
        issued = certmesh(sandbox, "list_issued_certificates", status="issued")
        assert len(issued) == sandbox.state()["statuses"]["issued"]


def test_it_searches_and_describes() -> None:
    with Sandbox() as sandbox:
        (found,) = certmesh(sandbox, "search_certificates", common_name="shop.example.com")
        assert found["order_id"] == 100000002
        (described,) = certmesh(
            sandbox, "describe_certificate", certificate_id=found["certificate_id"]
        )
        assert described["common_name"] == "shop.example.com"
        assert described["organization"] == "Example Corp"
        assert [status for _, _, status in sandbox.requests()] == [200, 200]
