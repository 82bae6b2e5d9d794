"""Scripts as DigiCert's documentation suggests them, with requests, against the sandbox."""

import csv
import io

import requests

from digicert_contacts.testing import Sandbox


def test_a_script_changes_the_contacts_of_an_order(sandbox: Sandbox) -> None:
    url = f"{sandbox.base_url}/order/certificate/100000001/contact"
    headers = {"X-DC-DEVKEY": sandbox.api_key, "Content-Type": "application/json"}
    payload = {
        "contacts": [
            {
                "first_name": "Jane",
                "last_name": "Doe",
                "email": "jane.doe@example.com",
                "contact_type": "technical_contact",
            }
        ]
    }
    response = requests.request("PUT", url, json=payload, headers=headers, timeout=10)
    assert (response.status_code, response.content) == (204, b"")
    order = requests.get(url.removesuffix("/contact"), headers=headers, timeout=10).json()
    assert order["technical_contact"] == {
        "first_name": "Jane",
        "last_name": "Doe",
        "email": "jane.doe@example.com",
        "telephone": "+1 555 0100",
        "job_title": "Platform Engineer",
    }


def test_a_script_iterates_over_the_list(sandbox: Sandbox) -> None:
    session = requests.Session()
    session.headers["X-DC-DEVKEY"] = sandbox.api_key
    url = f"{sandbox.base_url}/order/certificate"
    found: list[int] = []
    while True:
        params: dict[str, str | int] = {
            "limit": 5,
            "offset": len(found),
            "sort": "-date_created",
            "filters[status]": "issued",
        }
        page = session.get(url, params=params, timeout=10).json()
        found += [order["id"] for order in page["orders"]]
        if len(found) >= page["page"]["total"]:
            break
    assert len(found) == 12, "11 issued orders, and one that has expired"
    assert len(sandbox.requests()) == 3


def test_a_script_reads_the_report(sandbox: Sandbox) -> None:
    url = f"{sandbox.base_url}/report/order"
    headers = {"X-DC-DEVKEY": sandbox.api_key, "Accept": "text/csv"}
    response = requests.get(url, headers=headers, timeout=10)
    rows = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert len(rows) == 14
    assert rows[6]["tech_first_name"] == "Ольга"
    assert rows[0]["csr"].count("\n") == 3
