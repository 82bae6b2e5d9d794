"""Change the contacts of DigiCert certificate orders.

>>> from digicert_contacts import Client, Contact
>>> from digicert_contacts.testing import Sandbox
>>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
...     client.update_contacts(100000001, technical=jane)
...     contact = client.order(100000001).technical_contact
...     print(contact.first_name if contact else None)
Jane

Every value is validated before a request is sent, by the same rules as in Rust. Not an official
DigiCert product.
"""

from digicert_contacts._core import (
    Client as Client,
    Contact as Contact,
    ContactsUpdate as ContactsUpdate,
    Order as Order,
    OrderContact as OrderContact,
    Orders as Orders,
    RateLimits as RateLimits,
    __version__ as __version__,
)

_EAGER = ["__version__", *(name for name in globals() if not name.startswith("_"))]

# `typing.TYPE_CHECKING`, without importing `typing`, which takes longer than this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from digicert_contacts._async import *
    from digicert_contacts._async_bulk import *
    from digicert_contacts._bulk import *
    from digicert_contacts._exceptions import *
    from digicert_contacts._hooks import *
    from digicert_contacts._plan import *
    from digicert_contacts._records import *
    from digicert_contacts._report import *
    from digicert_contacts._search import *
    from digicert_contacts._types import *
else:
    # The modules whose `__all__` are the other public names. They are imported on first use, the
    # cheapest first.
    _LAZY = (
        *("_exceptions", "_types", "_records", "_hooks", "_plan", "_search", "_bulk", "_report"),
        *("_async_bulk", "_async"),
    )

    def __getattr__(name):
        """Import the module of a public name on first use."""
        if name == "__all__":
            return __dir__()
        if not name.startswith("_"):
            for module in _lazy_modules():
                if name in module.__all__:
                    return globals().setdefault(name, getattr(module, name))
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__():
        """List the public names, including those that are not imported yet."""
        return sorted([*_EAGER, *(name for module in _lazy_modules() for name in module.__all__)])

    def _lazy_modules():
        from importlib import import_module  # noqa: PLC0415 - not needed by every program

        return (import_module(f"{__name__}.{module}") for module in _LAZY)
