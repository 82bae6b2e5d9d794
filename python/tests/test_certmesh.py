"""certmesh lists, searches and describes the orders of the sandbox.

It calls the list with pages, `filters[status]` and `filters[common_name]`, and the certificate by
its id. It is used as a library: its command fails on every answer when it prints one (`vars()` of a
class with slots, in 3.0.38), whoever the answer is from.
"""

import json
from typing import Any

from digicert_contacts.testing import Sandbox
from third_party import needs_clients, run

pytestmark = needs_clients

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
    key = {"CM_DIGICERT_API_KEY": sandbox.api_key}
    got: list[dict[str, Any]] = run(SCRIPT, sandbox.base_url, call, json.dumps(arguments), **key)
    return got


def test_it_lists_the_orders() -> None:
    with Sandbox(orders=250, seed=7) as sandbox:
        listed = certmesh(sandbox, "list_issued_certificates", page_size=100)
        assert {entry["order_id"] for entry in listed} == set(range(100000001, 100000251))
        assert len(sandbox.requests()) == 3, "one page after another"
        issued = certmesh(sandbox, "list_issued_certificates", status="issued")
        statuses = sandbox.state()["statuses"]
        assert len(issued) == statuses["issued"] + statuses["expired"]


def test_it_searches_and_describes() -> None:
    with Sandbox() as sandbox:
        (found,) = certmesh(sandbox, "search_certificates", common_name="shop.example.com")
        assert found["order_id"] == 100000002
        assert found["valid_till"] == "2027-04-12"
        (described,) = certmesh(
            sandbox, "describe_certificate", certificate_id=found["certificate_id"]
        )
        assert described["common_name"] == "shop.example.com"
        assert described["organization"] == "Example Corp"
        assert [status for _, _, status in sandbox.requests()] == [200, 200]
