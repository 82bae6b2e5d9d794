"""Change the contacts of DigiCert certificate orders.

>>> from digicert_contacts import Client, Contact
>>> from digicert_contacts.testing import Sandbox
>>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
...     client.update_contacts(100000001, technical=jane)
...     client.order(100000001).technical_contact.first_name
'Jane'

Every value is checked before anything is sent, by the same rules as in Rust. Not an official
DigiCert product.
"""

from digicert_contacts._core import (
    Client,
    Contact,
    ContactsUpdate,
    Order,
    OrderContact,
    __version__,
)
from digicert_contacts._exceptions import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    DigicertContactsError,
    OrderNotFoundError,
    RateLimitError,
    RequestError,
    RequestTimeoutError,
    ValidationError,
    Violation,
)
from digicert_contacts._types import ContactType

__all__ = [
    "ApiError",
    "AuthenticationError",
    "Client",
    "ConfigurationError",
    "ConnectionFailedError",
    "Contact",
    "ContactType",
    "ContactsUpdate",
    "DigicertContactsError",
    "Order",
    "OrderContact",
    "OrderNotFoundError",
    "RateLimitError",
    "RequestError",
    "RequestTimeoutError",
    "ValidationError",
    "Violation",
    "__version__",
]
