"""Lemur, a certificate manager, imports the orders of the sandbox as a source of certificates.

It calls the list with `filters[status]`, `filters[organization_id]` and pages of 40, and an order
by its id. The sandbox has no certificates to download, so a transport adapter of its requests
session answers these calls.
"""

import math

from digicert_contacts.testing import Sandbox
from third_party import needs_clients, run

pytestmark = needs_clients

SCRIPT = """
import datetime, json, sys, types

# python-ldap needs C headers, and Lemur imports it only to sign users in.
for name in ("ldap", "ldap.filter"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["ldap.filter"].escape_filter_chars = str

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from lemur.plugins.lemur_digicert import plugin

host, key, organization, order = sys.argv[1:]
signer = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([])
now = datetime.datetime.now(datetime.timezone.utc)
certificate = (
    x509.CertificateBuilder(name, name, signer.public_key(), 1)
    .not_valid_before(now).not_valid_after(now + datetime.timedelta(1))
    .sign(signer, hashes.SHA256())
)

class Downloads(requests.adapters.BaseAdapter):
    def send(self, request, **settings):
        response = requests.Response()
        response.status_code, response.url, response.request = 200, request.url, request
        response._content = certificate.public_bytes(serialization.Encoding.PEM)
        return response

app = Flask("lemur")
app.config.update(
    DIGICERT_API_KEY=key, DIGICERT_URL=host, DIGICERT_ORG_ID=int(organization),
    DIGICERT_SOURCE_ENABLED=True,
)
with app.app_context():
    source = plugin.DigiCertSourcePlugin()
    source.session.mount(f"{host}/services/v2/certificate/", Downloads())
    listed = source.get_certificates({})
    read = plugin.get_certificate_id(source.session, host, order)
    print(json.dumps({"listed": listed, "read": read}))
"""

ORGANIZATION = 3


def test_it_imports_the_issued_certificates_of_an_organization() -> None:
    with Sandbox(orders=1000, seed=7) as sandbox:
        orders = [sandbox.order(100000001 + n) or {} for n in range(1000)]
        ours = [o for o in orders if o.get("organization", {}).get("id") == ORGANIZATION]
        issued = [order for order in ours if order["status"] == "issued"]
        expired = [order for order in ours if order["status"] == "expired"]
        assert issued
        assert expired, "the filter includes them, and Lemur skips them"
        host = sandbox.base_url.removesuffix("/services/v2")
        got = run(SCRIPT, host, sandbox.api_key, str(ORGANIZATION), str(issued[0]["id"]))
        certificates = [order["certificate"] for order in issued]
        assert [entry["external_id"] for entry in got["listed"]] == [
            str(certificate["id"]) for certificate in certificates
        ]
        assert [entry["serial"] for entry in got["listed"]] == [
            str(int(certificate["serial_number"], 16)) for certificate in certificates
        ]
        assert got["read"] == certificates[0]["id"]
        pages = math.ceil((len(issued) + len(expired)) / 40)
        assert pages > 1
        assert [status for _, _, status in sandbox.requests()] == [200] * (pages + 1)
