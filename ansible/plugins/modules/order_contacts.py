#!/usr/bin/python
"""Change the contacts of DigiCert certificate orders."""

# Apache License 2.0, see LICENSE
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

DOCUMENTATION = r"""
module: order_contacts
short_description: Change the contacts of DigiCert certificate orders
version_added: "0.1.0"
author: The digicert-contacts founders (!UNKNOWN)
description:
  - Sets the technical contact, the organization contact or both of existing orders in CertCentral.
  - Validates all orders before it sends anything. Then reads each order, sends an update only if a
    value differs, and reads the order again to verify it.
  - A contact or a field that is left out keeps its value. A contact cannot be removed, and a field
    cannot be emptied.
  - One task with many orders uses one connection, one rate limit and one journal. DigiCert permits
    1000 requests in 3 minutes; an order that changes takes three, any other takes one.
  - This is not an official DigiCert product.
requirements:
  - python >= 3.10
  - the Python package C(digicert-contacts)
options:
  order_id:
    description:
      - The ids of the orders that get the contacts of O(technical_contact) and
        O(organization_contact).
    type: list
    elements: str
  orders:
    description:
      - Orders with contacts of their own.
    type: list
    elements: dict
    suboptions:
      order_id:
        description: The id of the order.
        type: str
        required: true
      technical_contact:
        description: The contact that maintains the certificate.
        type: dict
        suboptions: &fields
          first_name:
            description: The first name, at most 128 characters.
            type: str
            required: true
          last_name:
            description: The last name, at most 128 characters.
            type: str
            required: true
          email:
            description: The e-mail address, at most 255 characters.
            type: str
            required: true
          job_title:
            description: The job title, at most 64 characters.
            type: str
          telephone:
            description: The telephone number, at most 32 characters.
            type: str
          language_id:
            description:
              - The language of the contact, 1 to 3 digits.
              - DigiCert does not show it, so an order with this option is updated in every run.
            type: str
      organization_contact:
        description: The contact that represents the organization in the certificate.
        type: dict
        suboptions: *fields
  technical_contact:
    description: The contact that maintains the certificates, for all orders of O(order_id).
    type: dict
    suboptions: *fields
  organization_contact:
    description:
      - The contact that represents the organization in the certificates, for all orders of
        O(order_id).
      - An order of a DV certificate cannot have one, and is reported as C(blocked).
    type: dict
    suboptions: *fields
  api_key:
    description:
      - The API key.
      - By default the environment variable E(DIGICERT_API_KEY) of the host that runs the module.
    type: str
    required: true
  region:
    description: The region of CertCentral. By default C(us).
    type: str
    choices: [us, eu]
  base_url:
    description: Another base URL, such as that of a sandbox. https, or http for loopback.
    type: str
  rate_limit_url:
    description:
      - The URL of a Redis or Valkey server through which several hosts share the rate limit of the
        API key. It may contain a password.
      - By default the environment variable E(DIGICERT_RATE_LIMIT_URL) of the host that runs the
        module.
    type: str
  journal_dir:
    description:
      - The folder for a journal of the run, with which C(digicert-contacts undo) restores the
        previous contacts. It is created if it does not exist.
      - A run that changes no order leaves no journal.
      - A journal contains contacts, so only its owner can read it. Without this option, there is no
        journal.
    type: path
  verify:
    description:
      - Which changed orders are read again and compared with the update. V(all), V(none),
        V(sample:N) for a random sample of N orders, or V(report) for those that the reports of the
        account do not prove.
    type: str
    default: all
attributes:
  check_mode:
    description: Can run in check mode, without changing an order. It reads the orders.
    support: full
  diff_mode:
    description: Returns what changes in each order. The values are personal data.
    support: full
notes:
  - The contacts are personal data. With C(--diff) or C(-vvv), Ansible shows them; C(no_log=true) on
    the task hides its result, and C(diff=false) hides the values of a diff only. C(orders) of the
    result has the names of the changed fields, but no values.
  - The proxy and the trusted certificates are those of the environment (E(HTTPS_PROXY),
    E(SSL_CERT_FILE)), which C(environment) of the task or the play sets.
  - The module runs where the Python package is installed. That is usually the control node, with
    C(delegate_to=localhost) or a play for C(localhost).
  - If a task ends early, run it again. Orders that have their contacts are not changed again.
"""

EXAMPLES = r"""
- name: Make a team the technical contact of two orders
  digicert_contacts.certcentral.order_contacts:
    order_id: ["100000001", "100000002"]
    technical_contact:
      first_name: Certificate
      last_name: Team
      email: certificates@example.com
      telephone: +1 555 0100
    api_key: "{{ digicert_api_key }}"
    journal_dir: /var/lib/digicert-contacts

- name: Set the contacts of many orders in one run
  digicert_contacts.certcentral.order_contacts:
    orders: "{{ lookup('ansible.builtin.file', 'orders.yml') | from_yaml }}"
    journal_dir: /var/lib/digicert-contacts
    verify: sample:100
  environment:
    DIGICERT_API_KEY: "{{ digicert_api_key }}"
  register: contacts

- name: Show the orders that changed, without contacts
  ansible.builtin.debug:
    msg: "{{ contacts.orders | selectattr('result', 'eq', 'changed') | map(attribute='order_id') }}"

- name: Set a contact without showing names and addresses in any mode
  digicert_contacts.certcentral.order_contacts:
    orders:
      - order_id: "100000004"
        organization_contact:
          first_name: Jane
          last_name: Doe
          email: jane.doe@example.com
          job_title: Head of IT
  no_log: true
"""

RETURN = r"""
orders:
  description: The orders, in the sequence of the task.
  returned: if the options are valid
  type: list
  elements: dict
  contains:
    order_id:
      description: The id of the order.
      type: str
      returned: always
      sample: "100000001"
    common_name:
      description: The common name of its certificate, if the order was read.
      type: str
      returned: always
      sample: www.example.com
    result:
      description:
        - C(changed), in check mode also if it would be changed; C(unchanged); C(blocked), if
          DigiCert would reject the update; C(read-failed); C(conflict), if somebody else changed
          the contact at the same time; C(failed); or C(skipped), if the run stopped before.
      type: str
      returned: always
      sample: changed
    fields:
      description: The fields that change.
      type: list
      elements: str
      returned: always
      sample: [technical_contact.first_name, technical_contact.email]
    verification:
      description: >-
        C(verified), C(verified-by-report), C(verified-without-answer), C(mismatch), C(failed), or
        null if it was not verified.
      type: str
      returned: always
      sample: verified
    reason:
      description: Why the order was not changed or not verified, or null.
      type: str
      returned: always
summary:
  description: >-
    The number of orders with each result. C(orders) is the total, and C(changed) in check mode the
    number that would be changed.
  returned: if the options are valid
  type: dict
  sample: {orders: 2, changed: 1, unchanged: 1, blocked: 0, read_failed: 0}
journal:
  description: The journal of the run, or null.
  returned: if the options are valid
  type: str
  sample: /var/lib/digicert-contacts/digicert-contacts-20260131T120000123456Z.jsonl
"""

import traceback
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

IMPORT_ERROR: str | None = None
try:
    import digicert_contacts
except ImportError:
    IMPORT_ERROR = traceback.format_exc()

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digicert_contacts import Client, InputError, Plan, Report

CONTACT_TYPES = ("technical_contact", "organization_contact")
MAX_SHOWN = 50


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec=argument_spec(),
        mutually_exclusive=[
            ("order_id", "orders"),
            *(("orders", contact_type) for contact_type in CONTACT_TYPES),
            ("region", "base_url"),
        ],
        required_one_of=[("order_id", "orders"), ("orders", *CONTACT_TYPES)],
        supports_check_mode=True,
    )
    if IMPORT_ERROR is not None:
        message = missing_required_lib("digicert-contacts")
        module.fail_json(msg=message, exception=IMPORT_ERROR)
    try:
        result = run(module)
    except digicert_contacts.InputError as error:
        has_orders = module.params["orders"] is not None
        module.fail_json(msg=invalid(error, has_orders=has_orders))
    except (digicert_contacts.DigicertContactsError, OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    if "msg" in result:
        module.fail_json(**result)
    module.exit_json(**result)


def argument_spec() -> dict[str, Any]:
    """Return the options."""
    required = ("first_name", "last_name", "email")
    fields = {name: {"type": "str", "required": True} for name in required}
    fields |= {name: {"type": "str"} for name in ("job_title", "telephone", "language_id")}
    contacts = {name: {"type": "dict", "options": fields} for name in CONTACT_TYPES}

    def secret(variable: str) -> dict[str, Any]:
        return {"type": "str", "no_log": True, "fallback": (env_fallback, [variable])}

    return {
        "order_id": {"type": "list", "elements": "str"},
        "orders": {
            "type": "list",
            "elements": "dict",
            "options": {"order_id": {"type": "str", "required": True}, **contacts},
            "required_one_of": [CONTACT_TYPES],
        },
        **contacts,
        "api_key": {**secret("DIGICERT_API_KEY"), "required": True},
        "region": {"type": "str", "choices": ["us", "eu"]},
        "base_url": {"type": "str"},
        "rate_limit_url": secret("DIGICERT_RATE_LIMIT_URL"),
        "journal_dir": {"type": "path"},
        "verify": {"type": "str", "default": "all"},
    }


def run(module: AnsibleModule) -> dict[str, Any]:
    """Change the orders, or in check mode compare them; return the result of the module."""
    options = module.params
    rows = source(options)
    digicert_contacts.check(rows)
    with client(options) as connected:
        done: Plan | Report
        if module.check_mode:
            done, journal = compare(connected, rows, options), None
        else:
            done, journal = apply(connected, rows, options)
    orders = [record(order) for order in done.to_dicts()]
    diff = [order.pop("diff") for order in orders]
    result = {
        "changed": any(order["result"] == "changed" for order in orders),
        "orders": orders,
        "summary": summarize(done),
        "journal": journal,
    }
    if module._diff:  # noqa: SLF001 - the documented way to detect diff mode
        result["diff"] = [change for change in diff if change is not None]
    message = failure(orders, done)
    return {"msg": message, **result} if message else result


def source(options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the orders with their contacts, without the options that are not set."""
    orders = options["orders"]
    if orders is None:
        contacts = {name: options[name] for name in CONTACT_TYPES}
        orders = [{"order_id": order_id, **contacts} for order_id in options["order_id"]]
    return [
        {
            "order_id": order["order_id"],
            **{name: without_none(order[name]) for name in CONTACT_TYPES if order[name]},
        }
        for order in orders
    ]


def without_none(contact: dict[str, str | None]) -> dict[str, str]:
    """Return the fields that are set."""
    return {name: value for name, value in contact.items() if value is not None}


def client(options: dict[str, Any]) -> Client:
    """Return a client as the options say."""
    url = options["rate_limit_url"]
    return digicert_contacts.Client(
        options["api_key"],
        region=options["region"] or "us",
        base_url=options["base_url"],
        rate_limits=digicert_contacts.RateLimits(url=url) if url else None,
        user_agent_suffix="ansible",
    )


def compare(connected: Client, rows: list[dict[str, Any]], options: dict[str, Any]) -> Plan:
    """Read the orders; return what would change."""
    plan = connected.plan(rows)
    # Only a run uses the option, but a wrong one is an error in check mode as well.
    plan.estimate(verify=options["verify"])
    return plan


def apply(
    connected: Client, rows: list[dict[str, Any]], options: dict[str, Any]
) -> tuple[Report, str | None]:
    """Change the orders; return the report and the name of the journal."""
    journal = None
    if options["journal_dir"] is not None:
        folder = Path(options["journal_dir"])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # `digicert-contacts runs` finds journals by such a name.
        time = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%fZ")
        journal = folder / f"digicert-contacts-{time}.jsonl"
    report = connected.apply(rows, journal=journal, verify=options["verify"])
    if journal is not None and report.summary.unchanged == report.summary.orders:
        journal.unlink()
        journal = None
    return report, None if journal is None else str(journal)


def summarize(done: Plan | Report) -> dict[str, int]:
    """Return the number of orders with each result. A planned change counts as changed."""
    counts: dict[str, int] = done.summary._asdict()
    names = {"changes": "changed"}
    return {names.get(name, name): count for name, count in counts.items() if name != "unread"}


def record(order: dict[str, Any]) -> dict[str, Any]:
    """Return what the module says of an order of a plan or a report."""
    result = order["result"] if "result" in order else order["state"]
    result = "changed" if result == "changes" else result
    changes = [change for change in order["changes"] if change["state"] != "same"]
    return {
        "order_id": str(order["order_id"]),
        "common_name": order["common_name"],
        "result": result,
        "fields": fields(change for change in changes if change["state"] != "kept"),
        "verification": order.get("verification"),
        "reason": reason(order),
        "diff": difference(order) if result == "changed" else None,
    }


def fields(changes: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names of fields."""
    return [f"{change['contact_type']}.{change['field']}" for change in changes]


def reason(order: dict[str, Any]) -> str | None:
    """Return why an order was not changed or not verified, without the values of contacts."""
    if order["failure"] is not None:
        return str(order["failure"]["message"])
    name = f"order {order['order_id']}"
    if order["blocked"] is not None:
        return f"DigiCert would reject the update of {name}: {order['blocked']}"
    if order.get("conflicts"):
        names = ", ".join(fields(order["conflicts"]))
        return f"{name} was changed by somebody else at the same time: {names}"
    if order.get("differences"):
        names = ", ".join(fields(order["differences"]))
        return f"{name} does not have the values that were sent: {names}"
    return None


def difference(order: dict[str, Any]) -> dict[str, Any]:
    """Return the contacts before and after, for `--diff`."""
    name = f"order {order['order_id']}"
    before: dict[str, dict[str, str]] = {}
    after: dict[str, dict[str, str]] = {}
    for change in order["changes"]:
        for contacts, value in ((before, change["before"]), (after, change["after"])):
            if value is not None:
                contacts.setdefault(change["contact_type"], {})[change["field"]] = value
    return {"before_header": name, "after_header": name, "before": before, "after": after}


def failure(orders: list[dict[str, Any]], done: Plan | Report) -> str | None:
    """Return the message of a task that did not do everything."""
    lines = [order["reason"] for order in orders if order["reason"] is not None]
    skipped = sum(order["result"] == "skipped" for order in orders)
    title = f"{len(lines) + skipped} of {len(orders)} orders failed"
    if skipped > 0:
        title += f" ({skipped} skipped)"
    stopped = done.stopped if isinstance(done, digicert_contacts.Report) else None
    if stopped is not None and stopped.message not in lines:
        lines.append(stopped.message)
    return listed(title, lines) if lines else None


def invalid(error: InputError, *, has_orders: bool) -> str:
    """Return the message of invalid orders or contacts, with the names of the options."""
    lines = []
    for problem in error.problems:
        column = problem.column or "order_id"
        if has_orders:
            option = f"orders[{problem.row}].{column}"
        elif column == "order_id":
            option = f"order_id[{problem.row}]"
        else:
            # All orders have the same contacts.
            option = column
        message = problem.message.replace("rows[", "orders[" if has_orders else "order_id[")
        times = f" ({problem.times} times)" if has_orders and problem.times > 1 else ""
        lines.append(f"{option}: {message}{times}")
    return listed("invalid options, nothing was sent", lines)


def listed(title: str, lines: list[str]) -> str:
    """Return a message with the first lines."""
    more = [f"and {len(lines) - MAX_SHOWN} more"] if len(lines) > MAX_SHOWN else []
    return "\n  ".join([f"{title}:", *lines[:MAX_SHOWN], *more])


if __name__ == "__main__":
    main()
