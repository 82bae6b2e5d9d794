"""Functions for other processes, which import them by name."""

from digicert_contacts import Client, Contact, Order


def change_and_read(base_url: str, api_key: str, contact: Contact) -> Order:
    """Change an order and read it."""
    with Client(api_key, base_url=base_url) as client:
        client.update_contacts(100000001, technical=contact)
        return client.order(100000001)


def fail(base_url: str, api_key: str) -> None:
    """Read an order that does not exist."""
    Client(api_key, base_url=base_url).order(7)
