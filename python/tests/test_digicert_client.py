"""digicert-client, which DigiCert published for Python 2, reads the orders and the user.

It calls the list, an order by its id, which it also sends as the body of the GET, and `user/me`, of
which it needs the container.
"""

import os
import subprocess
from typing import Any

import pytest

from digicert_contacts.testing import Sandbox
from third_party import needs_clients, run

PYTHON2 = os.environ.get("THIRD_PARTY_PYTHON2", "")


def has_python2() -> bool:
    if not PYTHON2:
        return False
    try:
        command = [PYTHON2, "-c", "import urllib; urllib.urlencode"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


pytestmark = [needs_clients, pytest.mark.skipif(not has_python2(), reason="needs Python 2.7")]

# Where Python 2 finds the package, which Python 3 cannot import.
PACKAGES = """
import importlib.util, json, os
(package,) = importlib.util.find_spec("digicert_client").submodule_search_locations
print(json.dumps(os.path.dirname(package)))
"""

SCRIPT = """
import json, sys
packages, host, key = sys.argv[1:]
sys.path.append(packages)
from httplib import HTTPConnection
from digicert_client import CertificateOrder, MyUserQuery, Request
connection = HTTPConnection(host)
orders = CertificateOrder(host, key, conn=connection)
print(json.dumps({
    "all": orders.view_all(),
    "one": orders.view(digicert_order_id=100000007),
    "missing": orders.view(digicert_order_id=1),
    "user": Request(MyUserQuery(key), host, connection).send(),
}))
"""


def test_it_reads_orders_and_the_user() -> None:
    with Sandbox() as sandbox:
        host = sandbox.base_url.removeprefix("http://").removesuffix("/services/v2")
        got: dict[str, Any] = run(SCRIPT, run(PACKAGES), host, sandbox.api_key, python=PYTHON2)
        assert [order["id"] for order in got["all"]["orders"]] == list(range(100000001, 100000015))
        assert got["one"]["product"]["name_id"] == "ssl_ev_plus"
        assert got["one"]["technical_contact"]["last_name"] == "Смирнова"
        assert got["missing"]["http_status"] == 404
        assert got["missing"]["errors"][0]["code"] == "not_found|order"
        assert got["user"]["container"] == {"id": 1, "name": "Sandbox"}
        assert [status for _, _, status in sandbox.requests()] == [200, 200, 404, 200]
