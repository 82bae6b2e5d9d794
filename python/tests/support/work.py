"""What other processes are given to do; they import it by its name."""

from digicert_contacts import Client, Contact, Order


def change_and_read(base_url: str, api_key: str, contact: Contact) -> Order:
    """Change an order and read it."""
    with Client(api_key, base_url=base_url) as client:
        client.update_contacts(100000001, technical=contact)
        return client.order(100000001)


def fail(base_url: str, api_key: str) -> None:
    """Ask for an order that is not there."""
    Client(api_key, base_url=base_url).order(7)
