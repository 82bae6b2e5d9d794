"""Journals of generated runs, written from the description of the format, without the package."""

import hashlib
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

BASE_URL = "https://www.digicert.com/services/v2"
CREATED = "2027-01-15T08:00:00Z"
START = datetime(2027, 1, 15, 8, 0, 5, tzinfo=timezone.utc)
# The pace of DigiCert's limits: 1000 in 3 minutes.
PACE = timedelta(milliseconds=180)
LONG_NAME = "department-with-name.internal-services.example.com"
HOSTILE = "</script><img src=x onerror=alert(1)>"

Json = dict[str, object]


def line(content: Json) -> str:
    """Return a line, as compact as the package writes it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def planned(number: int) -> Json:
    """Return an order of the plan; the name of the first has markup, the second is long."""
    before = {"first_name": "Robin", "last_name": "Leaver", "email": "robin.leaver@example.com"}
    before["telephone"] = "+1 555 0100"
    name = {0: HOSTILE, 1: LONG_NAME}.get(number, f"host-{number:05d}.example.com")
    after = {
        "first_name": "Inés",
        "last_name": HOSTILE if number == 0 else "Ferreira",
        "email": "ines.ferreira@example.com",
        "contact_type": "technical_contact",
    }
    order: Json = {"order_id": str(100_000_001 + number), "common_name": name, "status": "issued"}
    order["lines"] = [number + 2]
    order["before"] = {"organization_contact": None, "technical_contact": before}
    order["update"] = {"contacts": [after]}
    if number % 10 == 9:
        after["contact_type"] = "organization_contact"
        return order | {"state": "blocked", "blocked": "organization-contact-on-dv"}
    return order | {"state": "changes"}


def steps(number: int) -> list[Json]:
    """Return the entries of an order: most are changed, some fail."""
    order = {"order_id": str(100_000_001 + number)}

    def at(milliseconds: int) -> Json:
        time = START + number * PACE + timedelta(milliseconds=milliseconds)
        return {"at": f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"}

    start: Json = {"started": order | at(0)}
    if number % 37 == 36:
        failure = {
            "kind": "unavailable",
            "outcome": "unknown",
            "codes": [],
            "message": f"order {order['order_id']} could not be changed: the connection was reset",
        }
        return [start, {"finished": order | at(120) | {"result": "failed", "failure": failure}}]
    end: Json = {"finished": order | at(90) | {"result": "changed"}}
    return [start, end, {"verified": order | at(150) | {"result": "verified"}}]


def write(file: Path, count: int) -> None:
    """Write the journal of a run with ``count`` orders."""
    lines = [line(planned(number)) for number in range(count)]
    digest = hashlib.sha256(f"digicert-contacts-plan 1\n{BASE_URL}\n{CREATED}\n".encode())
    for text in lines:
        digest.update(text.encode() + b"\n")
    plan = {"digest": f"sha256:{digest.hexdigest()}", "created": CREATED, "orders": count}
    head = {"format": "digicert-contacts-journal", "version": 1, "created": f"{CREATED[:-1]}.000Z"}
    head |= {"base_url": BASE_URL, "key": "74011ec6472cbbdf", "plan": plan}
    events = [s for number in range(count) if number % 10 != 9 for s in steps(number)]
    # The last request was under way when the run died.
    while "started" not in events[-1]:
        events.pop()
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{text}\n" for text in [line(head), *lines, *map(line, events)])
