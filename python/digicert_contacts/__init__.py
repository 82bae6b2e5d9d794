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
    Orders,
    RateLimits,
    User,
    __version__,
)

# As typing has it, whose import alone takes longer than all of this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from digicert_contacts._async import AsyncClient, AsyncOrders
    from digicert_contacts._bulk import check, plan, resume, undo
    from digicert_contacts._exceptions import (
        ApiError,
        AuthenticationError,
        CallCancelledError,
        ConfigurationError,
        ConnectionFailedError,
        DigicertContactsError,
        Failure,
        InputError,
        JournalError,
        NoOrderReportError,
        OrderNotFoundError,
        OtherAccountError,
        PlanFileError,
        PlanStoppedError,
        Problem,
        RateLimitError,
        RequestError,
        RequestTimeoutError,
        TlsError,
        ValidationError,
        Violation,
    )
    from digicert_contacts._plan import Plan, Report
    from digicert_contacts._report import OrderReport
    from digicert_contacts._results import (
        Checked,
        FieldChange,
        Left,
        OrderResult,
        PlannedOrder,
        PlanSummary,
        Progress,
        Records,
        ReportSummary,
    )
    from digicert_contacts._types import AccessRole, ContactType

__all__ = [
    "AccessRole",
    "ApiError",
    "AsyncClient",
    "AsyncOrders",
    "AuthenticationError",
    "CallCancelledError",
    "Checked",
    "Client",
    "ConfigurationError",
    "ConnectionFailedError",
    "Contact",
    "ContactType",
    "ContactsUpdate",
    "DigicertContactsError",
    "Failure",
    "FieldChange",
    "InputError",
    "JournalError",
    "Left",
    "NoOrderReportError",
    "Order",
    "OrderContact",
    "OrderNotFoundError",
    "OrderReport",
    "OrderResult",
    "Orders",
    "OtherAccountError",
    "Plan",
    "PlanFileError",
    "PlanStoppedError",
    "PlanSummary",
    "PlannedOrder",
    "Problem",
    "Progress",
    "RateLimitError",
    "RateLimits",
    "Records",
    "Report",
    "ReportSummary",
    "RequestError",
    "RequestTimeoutError",
    "TlsError",
    "User",
    "ValidationError",
    "Violation",
    "__version__",
    "check",
    "plan",
    "resume",
    "undo",
]

# Imported when it is asked for.
_LATER = {
    "_async": ("AsyncClient", "AsyncOrders"),
    "_bulk": ("check", "plan", "resume", "undo"),
    "_plan": ("Plan", "Report"),
    "_exceptions": (
        "ApiError",
        "AuthenticationError",
        "CallCancelledError",
        "ConfigurationError",
        "ConnectionFailedError",
        "DigicertContactsError",
        "Failure",
        "InputError",
        "JournalError",
        "NoOrderReportError",
        "OrderNotFoundError",
        "OtherAccountError",
        "PlanFileError",
        "PlanStoppedError",
        "Problem",
        "RateLimitError",
        "RequestError",
        "RequestTimeoutError",
        "TlsError",
        "ValidationError",
        "Violation",
    ),
    "_report": ("OrderReport",),
    "_results": (
        "Checked",
        "FieldChange",
        "Left",
        "OrderResult",
        "PlannedOrder",
        "PlanSummary",
        "Progress",
        "Records",
        "ReportSummary",
    ),
    "_types": ("AccessRole", "ContactType"),
}


def __getattr__(name: str) -> object:
    """Import what is asked for for the first time."""
    for module, names in _LATER.items():
        if name in names:
            import importlib  # noqa: PLC0415 - that is the point

            found: object = getattr(importlib.import_module(f"{__name__}.{module}"), name)
            globals()[name] = found
            return found
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Name all, also what was not asked for yet."""
    return __all__
