"""The peak memory of a process that imports only this package and sends many updates.

In a file of its own, since `put.py` imports requests.
"""

import sys

from digicert_contacts import Client, Contact, ContactsUpdate

REQUESTS = 10_000
# Enforced, but higher than this benchmark reaches.
WIDE = [(100_000_000, 5.0), (1_000_000_000, 180.0)]


def main() -> None:
    """Send updates, and print the peak memory in MB."""
    jane = Contact("Jane", "Doe", "jane.doe@example.com", job_title="SRE", language_id="1")
    update = ContactsUpdate(technical=jane, organization=jane).to_dict()
    with Client("A1B2C3", base_url=sys.argv[1], rate_limits=WIDE) as client:
        for _ in range(REQUESTS):
            client.update_contacts(123456789, ContactsUpdate.from_dict(update))
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - spares an import
        most = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(f"{most / 1024:.1f} MB after {REQUESTS} requests")


if __name__ == "__main__":
    main()
