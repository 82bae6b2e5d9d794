import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, Literal, ParamSpec, TypeAlias, TypeVar, final

from typing_extensions import Self, Unpack

from digicert_contacts._bulk import Source
from digicert_contacts._fault import FaultAction, FaultSettings
from digicert_contacts._hooks import EventHooks
from digicert_contacts._plan import Plan, Report
from digicert_contacts._progress import Callback, ProgressOption
from digicert_contacts._records import (
    ExportSummary,
    FailedOrder,
    Failure,
    FoundContact,
    NotRestorable,
    PlannedOrder,
    PlanSummary,
    ReportedOrder,
    RunSummary,
    SourceUse,
)
from digicert_contacts._report import OrderReport
from digicert_contacts._search import SearchResult
from digicert_contacts._types import ClientSettings, ContactLike, RunOptions, User

__all__ = [
    "BulkOrders",
    "BulkPlan",
    "BulkSearch",
    "BulkSource",
    "Cancellation",
    "Client",
    "Contact",
    "ContactsUpdate",
    "Order",
    "OrderContact",
    "Orders",
    "RateLimits",
    "ReportStream",
    "Sandbox",
    "__version__",
    "bulk_check",
    "bulk_export",
    "bulk_plan",
    "bulk_read_plan",
    "bulk_resume",
    "bulk_search",
    "bulk_snapshot_plan",
    "bulk_undo",
    "bulk_unread_plan",
    "run_cli",
]

_P = ParamSpec("_P")
_Report: TypeAlias = tuple[RunSummary, Failure | None, BulkOrders[ReportedOrder]]
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

__version__: Final[str]

@final
class Contact:
    """A validated contact of an order.

    A field that is ``None`` is omitted from the request, and the order keeps its value. Contacts
    are immutable, and can be compared, hashed, pickled and copied. ``repr`` shows no values.

    Lengths are in Unicode characters. A value must have a visible character, no control characters,
    and no white space at either end. The Rust documentation of ``contacts-core`` lists all rules
    with their sources.

    Args:
        first_name: at most 128 characters.
        last_name: at most 128 characters.
        email: at most 255 characters, by the grammar of HTML's ``<input type=email>``.
        job_title: at most 64 characters.
        telephone: at most 32 characters, in any format.
        language_id: 1 to 3 digits; ``"1"`` is English in DigiCert's examples.
        allow_dotless_domain: accept an address such as ``admin@intranet``.

    Raises:
        ValidationError: a value is not valid; lists every violation, in field order.
        TypeError: a value has the wrong type.

    >>> from digicert_contacts import Contact
    >>> jane = Contact("Jane", "Doe", "jane.doe@example.com", job_title="SRE")
    >>> jane
    <Contact with first_name, last_name, email, job_title>
    >>> match jane:
    ...     case Contact(first, job_title="SRE"):
    ...         print(first)
    ...     case _:
    ...         print("somebody else")
    Jane

    """

    __match_args__: Final = ("first_name", "last_name", "email")
    def __new__(
        cls,
        first_name: str,
        last_name: str,
        email: str,
        *,
        job_title: str | None = None,
        telephone: str | None = None,
        language_id: str | None = None,
        allow_dotless_domain: bool = False,
    ) -> Self: ...
    @staticmethod
    def from_dict(fields: Mapping[str, object], *, allow_dotless_domain: bool = False) -> Contact:
        """Create a contact from a mapping with the names of the API.

        Args:
            fields: strings; ``language_id`` can be an integer. Other names are not accepted.
            allow_dotless_domain: accept an address such as ``admin@intranet``.

        Raises:
            ValidationError: a value is not valid; lists every violation.
            TypeError: a value has a type that JSON does not have.

        >>> from digicert_contacts import Contact
        >>> fields = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> Contact.from_dict(fields).last_name
        'Doe'

        """

    @staticmethod
    def from_json(json: str | bytes | bytearray) -> Contact:
        """Create a contact from a JSON object with the names of the API.

        Raises:
            ValidationError: a value is not valid; lists every violation. If the text is not
                JSON, ``violations`` is empty.

        >>> from digicert_contacts import Contact
        >>> json = b'{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}'
        >>> Contact.from_json(json).first_name
        'Jane'

        """

    @property
    def first_name(self) -> str:
        """The first name."""
    @property
    def last_name(self) -> str:
        """The last name."""
    @property
    def email(self) -> str:
        """The e-mail address."""
    @property
    def job_title(self) -> str | None:
        """The job title; with ``None`` the order keeps its value."""
    @property
    def telephone(self) -> str | None:
        """The telephone number; with ``None`` the order keeps its value."""
    @property
    def language_id(self) -> str | None:
        """The language id; with ``None`` the order keeps its value."""
    def to_dict(self) -> dict[str, str]:
        """Return the fields that are set, with the names of the API.

        >>> from digicert_contacts import Contact
        >>> Contact("Jane", "Doe", "jane.doe@example.com").to_dict()
        {'first_name': 'Jane', 'last_name': 'Doe', 'email': 'jane.doe@example.com'}

        """

    def to_json(self) -> bytes:
        """Return the same as compact JSON.

        >>> from digicert_contacts import Contact
        >>> Contact("A", "B", "a@b.example").to_json()
        b'{"first_name":"A","last_name":"B","email":"a@b.example"}'

        """

    def replace(
        self,
        *,
        first_name: str = ...,
        last_name: str = ...,
        email: str = ...,
        job_title: str | None = ...,
        telephone: str | None = ...,
        language_id: str | None = ...,
        allow_dotless_domain: bool = ...,
    ) -> Contact:
        """Return a copy with other values in some fields; ``None`` removes a field.

        The copy is validated. ``copy.replace`` of Python 3.13 does the same.

        Raises:
            ValidationError: a value is not valid; lists every violation.

        >>> from digicert_contacts import Contact
        >>> Contact("Jane", "Doe", "jane.doe@example.com").replace(last_name="Roe").last_name
        'Roe'

        """

    def __replace__(
        self,
        *,
        first_name: str = ...,
        last_name: str = ...,
        email: str = ...,
        job_title: str | None = ...,
        telephone: str | None = ...,
        language_id: str | None = ...,
        allow_dotless_domain: bool = ...,
    ) -> Contact: ...
    def show(self) -> str:
        """Return a text with the values. They are personal data, so do not log them.

        >>> from digicert_contacts import Contact
        >>> print(Contact("Jane", "Doe", "jane.doe@example.com", job_title="SRE").show())
        Contact('Jane', 'Doe', 'jane.doe@example.com', job_title='SRE')

        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, str | bool]]: ...

@final
class ContactsUpdate:
    """One or both contacts to set on an order.

    With ``None``, the order keeps its contact; a contact cannot be removed. Updates are immutable,
    and can be compared, hashed, pickled and copied. ``repr`` shows no values.

    Args:
        technical: the contact that maintains the certificate: a ``Contact``, or a mapping with its
            fields.
        organization: the contact that represents the organization, in the same form; DigiCert
            rejects it for a DV order.

    Raises:
        ValidationError: a mapping is not a valid contact; lists every violation.
        TypeError: both are ``None``, or a value has the wrong type.

    >>> from digicert_contacts import Contact, ContactsUpdate
    >>> ContactsUpdate(technical=Contact("Jane", "Doe", "jane.doe@example.com"))
    <ContactsUpdate with technical_contact>
    >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
    >>> ContactsUpdate(technical=jane)
    <ContactsUpdate with technical_contact>

    """

    __match_args__: Final = ("technical", "organization")
    def __new__(
        cls, *, technical: ContactLike | None = None, organization: ContactLike | None = None
    ) -> Self: ...
    @staticmethod
    def from_dict(update: Mapping[str, object]) -> ContactsUpdate:
        """Create an update from a dict, either in the form of the API or keyed by contact type.

        The form of the API is ``{"contacts": [{"contact_type": "technical_contact", ...}]}``. Keyed
        by contact type, it is ``{"technical_contact": {...}, "organization_contact": {...}}``.

        Raises:
            ValidationError: a value is not valid; lists every violation.
            TypeError: a value has a type that JSON does not have.

        >>> from digicert_contacts import ContactsUpdate
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> ContactsUpdate.from_dict({"technical_contact": jane})
        <ContactsUpdate with technical_contact>

        """

    @staticmethod
    def from_json(json: str | bytes | bytearray) -> ContactsUpdate:
        """Create an update from JSON, in either form of ``from_dict``.

        Raises:
            ValidationError: a value is not valid; lists every violation. If the text is not
                JSON, ``violations`` is empty.

        >>> from digicert_contacts import ContactsUpdate
        >>> jane = '{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}'
        >>> ContactsUpdate.from_json('{"technical_contact": ' + jane + '}')
        <ContactsUpdate with technical_contact>

        """

    def to_dict(self) -> dict[str, list[dict[str, str]]]:
        """Return the body of the request as a dict.

        >>> from digicert_contacts import Contact, ContactsUpdate
        >>> jane = Contact("Jane", "Doe", "jane.doe@example.com")
        >>> ContactsUpdate(technical=jane).to_dict()["contacts"][0]["contact_type"]
        'technical_contact'

        """

    def to_json(self) -> bytes:
        """Return the body of the request: compact JSON, the organization contact first.

        >>> from digicert_contacts import Contact, ContactsUpdate
        >>> update = ContactsUpdate(technical=Contact("Jane", "Doe", "jane.doe@example.com"))
        >>> ContactsUpdate.from_json(update.to_json()) == update
        True

        """

    def contact(self, contact_type: str) -> Contact | None:
        """Return the contact of a type, or ``None`` if the update does not include it.

        Args:
            contact_type: a ``ContactType`` or its name in the API.

        Raises:
            ValueError: the type is unknown.

        >>> from digicert_contacts import Contact, ContactsUpdate, ContactType
        >>> update = ContactsUpdate(technical=Contact("Jane", "Doe", "jane.doe@example.com"))
        >>> update.contact(ContactType.ORGANIZATION) is None
        True

        """

    @property
    def technical(self) -> Contact | None:
        """The technical contact; with ``None`` the order keeps its contact."""
    @property
    def organization(self) -> Contact | None:
        """The organization contact; with ``None`` the order keeps its contact."""
    def replace(
        self, *, technical: ContactLike | None = ..., organization: ContactLike | None = ...
    ) -> ContactsUpdate:
        """Return a copy with another contact of a type; ``None`` removes the contact.

        Raises:
            ValidationError: a mapping is not a valid contact; lists every violation.
            TypeError: no contact remains, or a value has the wrong type.

        >>> from digicert_contacts import Contact, ContactsUpdate
        >>> jane = Contact("Jane", "Doe", "jane.doe@example.com")
        >>> ContactsUpdate(technical=jane).replace(organization=jane)
        <ContactsUpdate with organization_contact, technical_contact>

        """

    def __replace__(
        self, *, technical: ContactLike | None = ..., organization: ContactLike | None = ...
    ) -> ContactsUpdate: ...
    def show(self) -> str:
        """Return a text with the values. They are personal data, so do not log them.

        >>> from digicert_contacts import Contact, ContactsUpdate
        >>> print(ContactsUpdate(technical=Contact("Jane", "Doe", "jane.doe@example.com")).show())
        ContactsUpdate(technical=Contact('Jane', 'Doe', 'jane.doe@example.com'))

        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Contact | None]]: ...

@final
class OrderContact:
    """A contact as read from an order. It is not validated.

    It has no ``language_id``, which has not been observed in a response. Contacts can be compared;
    ``repr`` shows no values.

    >>> from digicert_contacts import OrderContact
    >>> json = b'{"first_name": "J", "last_name": "D", "email": "j@d.example"}'
    >>> OrderContact.from_json(json).email
    'j@d.example'

    """

    __match_args__: Final = ("first_name", "last_name", "email")
    @classmethod
    def from_json(cls, json: str | bytes | bytearray) -> OrderContact:
        """Create a contact from the JSON of a response; unknown members are ignored.

        Raises:
            ValidationError: the text is not a JSON object.

        >>> from digicert_contacts import OrderContact
        >>> OrderContact.from_json('{"email": "jane.doe@example.com", "id": 5}')
        <OrderContact with email>

        """

    @property
    def first_name(self) -> str | None:
        """The first name."""
    @property
    def last_name(self) -> str | None:
        """The last name."""
    @property
    def email(self) -> str | None:
        """The e-mail address."""
    @property
    def job_title(self) -> str | None:
        """The job title."""
    @property
    def telephone(self) -> str | None:
        """The telephone number."""
    def to_contact(self, *, allow_dotless_domain: bool = False) -> Contact:
        """Return a ``Contact`` with the same values, such as for another order.

        A field that the order does not have, or whose value is not a string, is omitted.

        Args:
            allow_dotless_domain: accept an address such as ``admin@intranet``.

        Raises:
            ValidationError: DigiCert holds a value that violates a rule; lists every violation.

        >>> from digicert_contacts import OrderContact
        >>> json = b'{"first_name": "J", "last_name": "D", "email": "j@d.example"}'
        >>> OrderContact.from_json(json).to_contact().replace(job_title="SRE")
        <Contact with first_name, last_name, email, job_title>

        """

    def to_dict(self) -> dict[str, str]:
        """Return the fields that the order has, with the names of the API.

        >>> from digicert_contacts import OrderContact
        >>> OrderContact.from_json('{"email": "jane.doe@example.com", "id": 5}').to_dict()
        {'email': 'jane.doe@example.com'}

        """

    def to_json(self) -> bytes:
        """Return the same as compact JSON.

        >>> from digicert_contacts import OrderContact
        >>> OrderContact.from_json('{"email": "jane.doe@example.com", "id": 5}').to_json()
        b'{"email":"jane.doe@example.com"}'

        """

    def show(self) -> str:
        """Return a text with the values. They are personal data, so do not log them.

        >>> from digicert_contacts import OrderContact
        >>> print(OrderContact.from_json('{"email": "jane.doe@example.com", "id": 5}').show())
        OrderContact(email='jane.doe@example.com')

        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __reduce__(self) -> tuple[Callable[[bytes], OrderContact], tuple[bytes]]: ...

@final
class Order:
    """An order as read from the API. What the response omits is ``None``, except for the id.

    Orders can be compared, hashed, pickled and copied. ``repr`` shows only the id.

    >>> from digicert_contacts import Order
    >>> json = b'{"id": 7, "status": "issued", "product": {"name_id": "ssl_plus"}}'
    >>> order = Order.from_json(json)
    >>> match order:
    ...     case Order(number, "issued"):
    ...         print(number, order.product_name_id, order.dv)
    ...     case _:
    ...         print("not issued")
    7 ssl_plus None

    """

    __match_args__: Final = ("id", "status")
    @classmethod
    def from_json(cls, json: str | bytes | bytearray) -> Order:
        """Create an order from the JSON of a response; unknown members are ignored.

        Raises:
            ValidationError: the text is not a JSON object, or has no order id.

        >>> from digicert_contacts import Order
        >>> Order.from_json('{"id": 7}')
        <Order 7>

        """

    @property
    def id(self) -> int:
        """The id of the order; that of the request if the response omits it."""
    @property
    def status(self) -> str | None:
        """Such as ``issued`` or ``pending``; DigiCert may add others."""
    @property
    def common_name(self) -> str | None:
        """The common name of the certificate."""
    @property
    def product_name_id(self) -> str | None:
        """Such as ``ssl_plus``."""
    @property
    def validation_type(self) -> str | None:
        """Such as ``ov``, ``ev`` or ``dv``."""
    def contact(self, contact_type: str) -> OrderContact | None:
        """Return the contact of a type, or ``None`` if the order has none.

        Args:
            contact_type: a ``ContactType`` or its name in the API.

        Raises:
            ValueError: the type is unknown.

        >>> from digicert_contacts import ContactType, Order
        >>> Order.from_json('{"id": 7}').contact(ContactType.TECHNICAL) is None
        True

        """

    @property
    def technical_contact(self) -> OrderContact | None:
        """The contact that maintains the certificate."""
    @property
    def organization_contact(self) -> OrderContact | None:
        """The contact that represents the organization."""
    @property
    def dv(self) -> bool | None:
        """Whether it is a DV order, which has no organization contact; ``None`` if unknown."""
    def to_dict(self) -> dict[str, Any]:
        """Return the known members, in the form of the API.

        >>> from digicert_contacts import Order
        >>> Order.from_json('{"id": 7, "certificate": {"common_name": "example.com"}}').to_dict()
        {'id': 7, 'certificate': {'common_name': 'example.com'}}

        """

    def to_json(self) -> bytes:
        """Return the same as compact JSON.

        >>> from digicert_contacts import Order
        >>> Order.from_json('{"id": 7, "status": "issued"}').to_json()
        b'{"id":7,"status":"issued"}'

        """

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...
    def __reduce__(self) -> tuple[Callable[[bytes], Order], tuple[bytes]]: ...

@final
class Orders:
    """An iterator over the orders of an account, which fetches page by page.

    ``Client.orders`` returns it. As every iterator, it returns each order once: to iterate again,
    call ``Client.orders`` again, or keep the list.

    The list has no contacts: read an order with ``Client.order`` to get them. An order that appears
    on two pages, because orders were added in the meantime, is returned once. An entry without a
    readable id is skipped with a warning in the log. Iteration ends after an error, which is a
    ``RequestError``.

    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     sum(order.status == "issued" for order in client.orders())
    11

    """

    def __iter__(self) -> Self: ...
    def __next__(self) -> Order: ...
    def take(self, count: int) -> builtins.list[Order]:
        """Return the next ``count`` orders, fewer at the end of the list.

        Raises:
            RequestError: a page could not be read. The orders before it are returned first.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     len(client.orders().take(3))
        3

        """

    def list(self) -> builtins.list[Order]:
        """Return the remaining orders, as ``list(orders)`` does.

        Raises:
            RequestError: a page could not be read. The orders before it are not returned.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     len(client.orders().list())
        14

        """

@final
class RateLimits:
    """The rate limit of a client, and its behavior when the limit is reached.

    Args:
        windows: pairs of a number of requests and a number of seconds. Each limits the requests in
            every window of that length. By default DigiCert's limits: 100 in 5 s and 1000 in 180 s.
        on_limit: ``"wait"`` until a request is permitted, or ``"raise"`` ``RateLimitError``
            immediately, which also disables retries after a 429.
        file: a file on a local disk through which processes on this machine share the rate limit.
            They must use the same windows. The file contains no key and no contact.
        url: a Redis or Valkey server through which any number of machines share the rate limit:
            ``redis://[user:password@]host[:port][/database]``, ``rediss://`` for TLS with the
            certificates that the client trusts, or ``unix:///path``. By default the environment
            variable ``DIGICERT_RATE_LIMIT_URL``, unless ``file`` is set; an empty string ignores
            it. It is not shown, and limits with a URL cannot be pickled.

    Raises:
        ConfigurationError: ``on_limit`` has another value.
        ValueError, TypeError: a window is not valid.

    >>> from digicert_contacts import RateLimits
    >>> RateLimits([(50, 5)], on_limit="raise")
    RateLimits(((50, 5.0),), on_limit='raise')

    """

    def __new__(
        cls,
        windows: Iterable[tuple[int, float]] | None = None,
        *,
        on_limit: Literal["wait", "raise"] = "wait",
        file: str | PathLike[str] | None = None,
        url: str | None = None,
    ) -> Self: ...
    @property
    def windows(self) -> tuple[tuple[int, float], ...]:
        """The pairs of requests and seconds."""
    @property
    def on_limit(self) -> Literal["wait", "raise"]:
        """The behavior when the limit is reached."""
    @property
    def file(self) -> Path | None:
        """The file that the processes share."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs_ex__(
        self,
    ) -> tuple[tuple[tuple[tuple[int, float], ...]], dict[str, str | Path | None]]: ...

@final
class Client:
    """A client of DigiCert's API for the contacts of orders.

    Calls block, but other threads run in the meantime; Ctrl-C interrupts a waiting call within
    0.1 s. Threads can share a client, with its connections and its rate limit. After a fork, the
    child opens its own connections. A client contains the key, so it cannot be pickled.

    Args:
        api_key: the API key; by default the environment variable ``DIGICERT_API_KEY``.
        region: ``"us"`` or ``"eu"``.
        base_url: another base URL: https, or http for loopback.
        timeout: the total time for one attempt in seconds, at most a day. An order report must
            start within it, may pause for as long, and takes at most 15 minutes or ``timeout``.
        connect_timeout: the time for resolving the host in seconds, and the time for connecting
            afterwards; both are within ``timeout``.
        max_retries: the maximum number of retries of a request. 0 also disables retries after a
            429.
        rate_limits: ``"wait"`` or ``"raise"`` with DigiCert's limits; a list of pairs of requests
            and seconds for other limits; or ``RateLimits`` for both. An empty list disables the
            limit.
        proxy: an http or https URL, or ``"direct"`` for none; by default ``HTTPS_PROXY``,
            ``ALL_PROXY`` and ``NO_PROXY`` of the environment. Loopback never uses a proxy.
        ca_bundle: a PEM file of the trusted certificates, in place of those of the system; by
            default ``SSL_CERT_FILE``, ``REQUESTS_CA_BUNDLE`` or ``CURL_CA_BUNDLE`` of the
            environment.
        client_cert: a PEM file with certificate chain and private key, or a pair of two files.
        user_agent_suffix: appended to ``digicert-contacts/VERSION``, such as ``acme/2``.
        default_headers: headers to send with each request, such as a token that a gateway requires.
            Their values are secrets: no error, ``repr`` or log contains them. They cannot replace
            the headers of the client, such as the key.
        event_hooks: functions that get the events ``request``, ``response``, ``retry`` and
            ``wait`` of all calls, such as ``{"response": [record]}``. They run in the thread of the
            request and delay it, and must not use the client. If one raises, the call ends before
            its next request and raises the exception, whose cause has the outcome of the call.

    Raises:
        ConfigurationError: the key is missing, or a setting is not valid.
        ValueError, TypeError: a number is out of range, or a value has the wrong type.

    >>> from digicert_contacts import Client, Contact
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
    ...     client.update_contacts(100000001, technical=jane)
    ...     contact = client.order(100000001).technical_contact
    ...     print(contact.first_name if contact else None)
    Jane

    """

    def __new__(
        cls,
        api_key: str | None = None,
        *,
        region: Literal["us", "eu"] = "us",
        base_url: str | None = None,
        timeout: float = 45.0,
        connect_timeout: float = 5.0,
        max_retries: int = 2,
        rate_limits: Literal["wait", "raise"]
        | Iterable[tuple[int, float]]
        | RateLimits
        | None = None,
        proxy: str | None = None,
        ca_bundle: str | PathLike[str] | None = None,
        client_cert: str
        | PathLike[str]
        | tuple[str | PathLike[str], str | PathLike[str]]
        | None = None,
        user_agent_suffix: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        event_hooks: EventHooks | None = None,
    ) -> Self: ...
    @classmethod
    def from_env(cls, **settings: Unpack[ClientSettings]) -> Self:
        """Create a client from environment variables.

        ``DIGICERT_API_KEY`` is the key, ``DIGICERT_REGION`` (``us`` or ``eu``) or
        ``DIGICERT_BASE_URL`` the server, ``DIGICERT_RATE_LIMIT_URL`` the store of a shared rate
        limit; proxy and trusted certificates as for ``Client``. Only the server differs from
        ``Client()``, which reads the other variables as well.

        Args:
            **settings: those of ``Client``, in place of the environment. With ``region`` or
                ``base_url``, neither variable of the server is read.

        Raises:
            ConfigurationError: ``DIGICERT_API_KEY`` is not set or empty, or a variable or a setting
                is not valid.
            ValueError, TypeError: a number is out of range, or a value has the wrong type.

        >>> import os
        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     os.environ["DIGICERT_API_KEY"] = sandbox.api_key
        ...     os.environ["DIGICERT_BASE_URL"] = sandbox.base_url
        ...     with Client.from_env(timeout=20) as client:
        ...         client.order(100000001).common_name
        'www.example.com'
        >>> del os.environ["DIGICERT_API_KEY"], os.environ["DIGICERT_BASE_URL"]

        """

    def with_options(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        rate_limit_wait: bool | float | None = None,
    ) -> Client:
        """Return a client with other options that shares connections and rate limit with this one.

        Each call has the same keywords, for that call alone. The options of this method also apply
        to bulk changes.

        Closing this client closes those made from it. Closing one of them, such as at the end of a
        ``with`` block, closes no other.

        Args:
            timeout: the total time for one attempt in seconds, see ``Client``. If processes share
                the rate limit, at most that of the client.
            max_retries: the maximum number of retries of a request, see ``Client``.
            rate_limit_wait: ``True`` waits for the rate limit and after a 429 as long as needed,
                ``False`` raises ``RateLimitError`` immediately, and a number is the maximum wait of
                a request in seconds. An argument that is omitted or ``None`` changes nothing.

        Raises:
            ConfigurationError, ValueError, TypeError: an option is out of range, or has the wrong
                type.
            RuntimeError: the client is closed.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     quick = client.with_options(timeout=5, max_retries=0)
        ...     quick.order(100000001).common_name
        ...     client.order(100000001, rate_limit_wait=2.5).status
        'www.example.com'
        'issued'

        """

    def update_contacts(
        self,
        order_id: int | str,
        update: ContactsUpdate | Mapping[str, object] | None = None,
        *,
        technical: ContactLike | None = None,
        organization: ContactLike | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        rate_limit_wait: bool | float | None = None,
    ) -> None:
        """Change the contacts of one order.

        DigiCert has no undo: read the order first if you may want to restore its contacts. The
        order keeps the value of a field that a contact omits.

        If the outcome of an attempt is unknown, such as after a timeout, the order is read before
        the next attempt, and after the last. If it is as wanted, the call succeeds, logs a warning,
        and sends nothing again.

        Args:
            order_id: digits; not the id, thumbprint or serial number of a certificate.
            update: the contacts to set, or a mapping for ``ContactsUpdate.from_dict``; or, instead,
            technical: the technical contact to set: a ``Contact``, or a mapping with its fields,
            organization: the organization contact to set, in the same form.
            timeout: see ``with_options``, as for the other two.
            max_retries: see there.
            rate_limit_wait: see there.

        Raises:
            ValidationError: ``order_id`` or a mapping is not valid; lists every violation. Nothing
                was sent.
            RequestError: or a subclass; ``outcome`` says whether the order may have been changed.
            TypeError: there is no contact, or both an update and contacts.
            RuntimeError: the client is closed.

        See the class for an example.

        """

    def order(
        self,
        order_id: int | str,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        rate_limit_wait: bool | float | None = None,
    ) -> Order:
        """Read one order. ``with_options`` describes the keywords.

        Raises:
            ValidationError: ``order_id`` is not valid. Nothing was sent.
            OrderNotFoundError: the order is not in this account.
            RequestError: or another subclass.
            RuntimeError: the client is closed.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     client.order(100000001).common_name
        'www.example.com'

        """

    def orders(
        self,
        *,
        status: str | None = None,
        search: str | None = None,
        product_name_id: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
        rate_limit_wait: bool | float | None = None,
    ) -> Orders:
        """Iterate over the orders of the account, fetched in pages of 1000.

        Args:
            status: only orders with this status, such as ``pending``; DigiCert's filter includes
                expired orders in ``issued``.
            search: only orders that match this text in DigiCert's search.
            product_name_id: only orders of this product, such as ``ssl_plus``.
            timeout: for each page; see ``with_options``, as for the other two.
            max_retries: see there.
            rate_limit_wait: see there.

        Raises:
            RuntimeError: the client is closed.

        A request that fails during the iteration raises ``RequestError``, and closing the client
        ends the iteration with ``RuntimeError``.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     [order.id for order in client.orders(status="pending")]
        [100000004]

        """

    def order_report(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        rate_limit_wait: bool | float | None = None,
    ) -> OrderReport:
        """Request the report of all orders, which includes every technical contact.

        Only older documentation describes it. See ``OrderReport`` for an example, and
        ``with_options`` for the keywords.

        Raises:
            NoOrderReportError: the account has no report; list the orders and read each instead.
            RequestError: or another subclass.
            RuntimeError: the client is closed.

        """

    def whoami(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        rate_limit_wait: bool | float | None = None,
    ) -> User:
        """Read the user and the roles of the API key, for example before a long run.

        ``with_options`` describes the keywords.

        Raises:
            AuthenticationError: the key was not accepted.
            RequestError: or another subclass.
            RuntimeError: the client is closed.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     client.whoami().id
        1

        """

    def plan(
        self,
        source: Source,
        *,
        state: str | PathLike[str] | None = None,
        trim: bool = False,
        ignore_columns: Iterable[str] = (),
        progress: ProgressOption = None,
    ) -> Plan:
        """Read every order that a source names and compare it with the source. Nothing is changed.

        A source without rows is an empty plan without a request. Its run does nothing.

        Args:
            source: see ``check``.
            state: a file that ``export`` wrote. The orders are compared with it and not read, so no
                request is sent. An order is ``unread`` if the file lacks it or one of the contacts
                that the source names. ``Plan.apply`` reads each order and refuses to change one
                that differs from the plan.
            trim: see ``check``.
            ignore_columns: see ``check``.
            progress: a callable that is called after each order. If it raises, planning stops.
                ``"tqdm"`` or ``"rich"`` shows a progress bar of that package, which must be
                installed.

        Raises:
            InputError: the source or ``state`` is not valid; lists every problem. No order was
                read.
            PlanStoppedError: reading the remaining orders would probably fail as well: the key was
                rejected, the rate limit is exhausted, or the server was unavailable for 3 orders in
                a row. An order that cannot be read for another reason is ``read-failed`` in the
                plan.
            TypeError, ValueError: see ``check``.
            OSError: the file cannot be read.
            RuntimeError: the client is closed.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> rows = [{"order_id": 100000001, "contact_type": "technical_contact", **jane}]
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     client.plan(rows).summary.changes
        1

        """

    def apply(
        self,
        source: Source,
        *,
        journal: str | PathLike[str] | None,
        trim: bool = False,
        ignore_columns: Iterable[str] = (),
        progress: ProgressOption = None,
        **options: Unpack[RunOptions],
    ) -> Report:
        """Read, compare and change each order of a source in one go, without planning first.

        The whole source is validated first. An order that has the contacts already is
        ``unchanged``. Each order is read immediately before its update, so ``refresh=False`` has
        no effect. To see the changes before they are made, use ``plan``.

        Args:
            source: see ``check``.
            journal: see ``Plan.apply``.
            trim: see ``check``.
            ignore_columns: see ``check``.
            progress: see ``Plan.apply``.
            **options: see ``Plan.apply``.

        Raises:
            InputError: the source is not valid; lists every problem. Nothing was sent.
            TypeError, ValueError: see ``check``.
            FileExistsError, OSError, RuntimeError: see ``Plan.apply``.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> rows = [{"order_id": id, "technical_contact": jane} for id in (100000001, 100000002)]
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     client.apply(rows, journal=None)
        <Report: 2 orders: 2 changed, 2 verified>

        """

    def resume(
        self,
        journal: str | PathLike[str],
        *,
        other_key: bool = False,
        progress: ProgressOption = None,
        **options: Unpack[RunOptions],
    ) -> Report:
        """Resume a run that was interrupted, stopped or limited, from its journal.

        Finished orders are not changed again; one that is not verified yet is read once. An order
        whose request was started, but has no recorded outcome, is read; the request is sent again
        only if the order shows that it was not applied. An order is also retried if the failure was
        not specific to the order, such as a rejected key.

        Args:
            journal: the journal of the run. The client must have its base URL and API key.
            other_key: accept a client with another key of the same account.
            progress: see ``Plan.apply``.
            **options: see ``Plan.apply``.

        Raises:
            JournalError: the file is not a journal, or is damaged. Nothing was sent.
            AccountMismatchError: the run had another base URL or key. Nothing was sent.
            OSError: the file cannot be read or written, or another run uses it.
            RuntimeError: the client is closed.

        >>> import tempfile
        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> rows = [{"order_id": id, "technical_contact": jane} for id in (100000001, 100000002)]
        >>> with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        ...     client = Client(sandbox.api_key, base_url=sandbox.base_url)
        ...     journal = f"{folder}/run.jsonl"
        ...     print(client.plan(rows).apply(journal=journal, limit=1).summary.changed)
        ...     print(client.resume(journal).summary.changed)
        1
        2

        """

    def send_planned(self, order: str) -> str:
        """Read an order of a plan, compare it, and change it, for a run in another process.

        ``order`` and the result are texts that contain contacts. Any queue can pass them on. The
        process of the run keeps the journal; see the option ``send`` of ``Plan.apply``. The order
        can be delivered again, for example because a worker was killed: it is read each time, and
        not changed twice. An order that has its update already counts as ``changed``.

        Args:
            order: the argument of the function ``send``.

        Returns:
            The result, such as ``changed`` or ``conflict``. A failure that would repeat itself is
            a result as well, such as a rejected update.

        Raises:
            RequestError: a later call may succeed: the limit is reached (``RateLimitError``), or
                the server is unavailable.
            PlanFileError: ``order`` is not a planned order, or is damaged. Nothing was sent.
            AccountMismatchError: the run has another base URL. Nothing was sent.
            RuntimeError: the client is closed.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> rows = [{"order_id": id, "technical_contact": jane} for id in (100000001, 100000002)]
        >>> with Sandbox() as sandbox:
        ...     worker = Client(sandbox.api_key, base_url=sandbox.base_url)
        ...     client = Client(sandbox.api_key, base_url=sandbox.base_url)
        ...     # With Celery: send=lambda order: task.delay(order).get()
        ...     client.plan(rows).apply(journal=None, send=worker.send_planned)
        <Report: 2 orders: 2 changed, 2 verified>

        """

    def undo(
        self,
        journal: str | PathLike[str],
        *,
        other_key: bool = False,
        progress: ProgressOption = None,
    ) -> Plan:
        """Plan to restore the contacts from before a run. Nothing is changed yet.

        Every order that the run changed, or may have changed, is read. ``Plan.not_restorable``
        lists what cannot be restored.

        Args:
            journal: the journal of the run. The client must have its base URL and API key.
            other_key: accept a client with another key of the same account.
            progress: see ``plan``.

        Raises:
            JournalError: the file is not a journal, or is damaged.
            AccountMismatchError: the run had another base URL or key.
            PlanStoppedError: see ``plan``.
            OSError: the file cannot be read.
            RuntimeError: the client is closed.

        >>> import tempfile
        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> rows = [{"order_id": 100000001, "technical_contact": jane}]
        >>> with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        ...     client = Client(sandbox.api_key, base_url=sandbox.base_url)
        ...     journal = f"{folder}/run.jsonl"
        ...     _ = client.plan(rows).apply(journal=journal)
        ...     _ = client.undo(journal).apply(journal=f"{folder}/undo.jsonl")
        ...     contact = client.order(100000001).technical_contact
        ...     print(contact.first_name if contact else None)
        Robin

        """

    def find(
        self,
        *terms: str,
        contact_type: str | None = None,
        status: str | None = None,
        read_all: bool = False,
        progress: ProgressOption = None,
    ) -> SearchResult:
        """Find the contacts with an e-mail address, a name or a domain.

        Asks DigiCert's reports for the contacts of all orders, and reads the orders that may match
        and those that no report covers. The reports have no names of organization contacts, so a
        search for a name reads each order that has one, unless ``contact_type`` excludes them.
        ``SearchResult.sources`` tells what was asked; how many orders are read is logged.

        Args:
            *terms: contacts that match any of them are found. A domain finds the contacts whose
                address is in it, and those of the orders whose common name is in it;
                ``@example.com`` finds addresses only. A name matches in any part of first and last
                name. Case does not matter.
            contact_type: search only this contact of each order: a ``ContactType`` or its name in
                the API.
            status: see ``orders``.
            read_all: read every order instead of asking for reports, which may be behind: 50,000
                orders take about two and a half hours.
            progress: see ``plan``; the total grows if more orders must be read.

        Raises:
            SearchStoppedError: the orders cannot be listed, or reading more would probably fail as
                well. An order that cannot be read for another reason is in ``SearchResult.failed``.
            TypeError: there is no term.
            ValueError: a term is blank, or has an ``@`` and is not an e-mail address; or the type
                is unknown.
            RuntimeError: the client is closed.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     found = client.find("ada.nwosu@example.com")
        ...     for contact in found:
        ...         print(contact.order_id, contact.contact_type, contact.contact.email)
        100000010 organization_contact ada.nwosu@example.com
        100000010 technical_contact ada.nwosu@example.com
        100000014 organization_contact ada.nwosu@example.com

        """

    def replace(
        self,
        leaver: str | Mapping[str, ContactLike],
        successor: ContactLike | None = None,
        *,
        contact_type: str | None = None,
        status: str | None = None,
        read_all: bool = False,
        progress: ProgressOption = None,
    ) -> Plan:
        """Find the contacts of a person by e-mail address, and plan to replace them.

        Nothing is changed until the plan is applied. ``Plan.search`` is the search, which works as
        ``find`` does; if its ``all_done`` is false, the person may be a contact of further orders.
        An order keeps the value of an optional field that the successor omits.

        Args:
            leaver: the e-mail address; or, for several people, a mapping from each e-mail address
                to its successor. An empty mapping is an empty plan without a request.
            successor: a ``Contact``, or a mapping with its fields.
            contact_type: see ``find``.
            status: see ``orders``.
            read_all: see ``find``.
            progress: see ``find``.

        Raises:
            ValidationError: a successor is not valid; lists every violation. Nothing was sent.
            ValueError: a text is not an e-mail address, or one occurs twice; or the type is
                unknown.
            TypeError: there is no successor, or a mapping and a successor.
            SearchStoppedError: see ``find``.
            RuntimeError: the client is closed.

        >>> from digicert_contacts import Client, Contact
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
        ...     plan = client.replace("robin.leaver@example.com", jane)
        ...     print(plan)
        ...     print(plan.apply(journal=None).summary.changed)
        <Plan: 10 orders: 10 changes>
        10

        """

    def export(
        self,
        path: str | PathLike[str],
        *,
        contact: str | None = None,
        status: str | None = None,
        technical_only: bool = False,
        progress: ProgressOption = None,
    ) -> ExportSummary:
        """Export the contacts of the account's orders to a new file, as a source for ``plan``.

        The list of orders has no contacts, so each order is read: 50,000 orders take about two and
        a half hours. Progress is saved in ``PATH.partial``; after Ctrl-C, a crash or an exception,
        the same call resumes the export and reads no order twice. Only their owner can read both
        files. The columns are those of ``check``, and ``common_name``, ``status`` and ``product``.

        Args:
            path: the CSV file to write; it must not exist.
            contact: only contacts with this e-mail address.
            status: see ``orders``.
            technical_only: only technical contacts; takes few requests if the account has the order
                report.
            progress: see ``plan``.

        Raises:
            ExportStoppedError: the orders cannot be listed, or reading more would probably fail as
                well. An order that cannot be read for another reason is in
                ``ExportSummary.failed``.
            FileExistsError: the file exists.
            OSError: a file cannot be written, another export writes the same file, or its partial
                file belongs to another account or to an export with other options.
            RuntimeError: the client is closed.

        >>> import tempfile
        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        ...     client = Client(sandbox.api_key, base_url=sandbox.base_url)
        ...     summary = client.export(f"{folder}/contacts.csv")
        ...     print(summary.orders, summary.contacts, summary.all_done)
        ...     print(client.plan(f"{folder}/contacts.csv").summary.unchanged)
        14 25 True
        14

        """

    @property
    def base_url(self) -> str:
        """The base URL of the API."""
    @property
    def closed(self) -> bool:
        """Whether the client, or the one that it was made from, is closed."""
    def close(self) -> None:
        """Close the connections and drop the API key. Closing again has no effect.

        Every later call raises ``RuntimeError``, also of the clients that ``with_options`` made
        from this one; closing one of those closes it alone.
        """
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

@final
class Cancellation:
    """Cancels calls from another thread; used by ``AsyncClient``."""

    def __new__(cls) -> Self: ...
    def cancel(self) -> None:
        """Cancel waits and prevent further requests."""
    def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call a function in this thread, so that its API calls can be cancelled."""

@final
class ReportStream:
    """The bytes of the order report; used by ``OrderReport``."""

    def read(self, size: int) -> bytes:
        """Read at most ``size`` bytes; none at the end.

        Raises:
            RequestError: the response is incomplete.

        """

@final
class Sandbox:
    """A local server on 127.0.0.1 that responds as DigiCert's API does, with its own account.

    It follows DigiCert's documentation; an error code that starts with ``sandbox_`` is invented.
    Any client can use it, and threads can share it. ``stop``, or the end of the ``with`` block,
    stops it and drops its data, unless ``save`` has written them.

    Args:
        port: the port to listen on; 0 selects a free one.
        admin: open a second port, ``admin_url``, for other programs to inspect it and add faults.
        orders: the number of generated orders, at most 5,000,000, with ids from 100000001; by
            default the demo account, with the orders 100000001 to 100000014.
        seed: the seed of the generated orders; the same seed generates the same orders.
        snapshot: load account and history from a file that ``save`` wrote.
        rate_limits: pairs of a number of requests and a number of seconds, for each key. By default
            DigiCert's limits: 100 in 5 s and 1000 in 180 s. An empty list disables the limit.
        manual_clock: use a clock for rate limits and records that only ``advance`` moves.
        faults: faults from the start, in the form of ``--fault``, such as ``"lag=60"``.

    Raises:
        OSError: the port is in use, or the snapshot cannot be read.
        ValueError: the file is not a snapshot, both ``orders`` and ``snapshot`` are set, ``orders``
            is out of range, a rate limit is not positive, or a fault is invalid.
        TypeError: ``orders`` is not an integer, a rate limit is not a pair of numbers, or
            ``faults`` is not a sequence of texts.
        OverflowError: ``port`` or ``seed`` is out of range.

    >>> from digicert_contacts import Client, Contact
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
    ...     client.update_contacts(100000001, technical=jane)
    ...     sandbox.history(100000001)[0]["after"]["first_name"]
    'Jane'

    """

    def __new__(
        cls,
        *,
        port: int = 0,
        admin: bool = False,
        orders: int | None = None,
        seed: int = 1,
        snapshot: str | PathLike[str] | None = None,
        rate_limits: Sequence[tuple[int, float]] | None = None,
        manual_clock: bool = False,
        faults: Sequence[str] | None = None,
    ) -> Self: ...
    @property
    def base_url(self) -> str:
        """The base URL, in place of ``https://www.digicert.com/services/v2``."""
    @property
    def admin_url(self) -> str | None:
        """The URL for administration, without a key; ``None`` without ``admin=True``."""
    @property
    def api_key(self) -> str:
        """A key with all permissions, which only sandboxes accept."""
    def order(self, order_id: int) -> dict[str, Any] | None:
        """Return the current state of an order, in the form of the API; ``None`` if not found.

        The contacts include ``language_id``, which responses omit. An order of another account is
        returned as well, although no key can read it.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     order = sandbox.order(100000001)
        ...     assert order is not None
        ...     order["status"]
        'issued'

        """

    def requests(self) -> list[tuple[str, str, int]]:
        """Return the latest 100,000 requests, oldest first: method, path with query, status.

        The status is 0 if a fault closed the connection instead.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     user = client.whoami()
        ...     sandbox.requests()
        [('GET', '/services/v2/user/me', 200)]

        """

    def log(self) -> list[dict[str, Any]]:
        """Return the latest 100,000 requests, oldest first, with all recorded details.

        Each has ``number``, from 1; ``at``, in seconds after the start; ``method``; ``target``,
        the path with query; ``status``, 0 if a fault closed the connection instead; ``key``, only
        its first four characters; ``fault``, the action of the fault that was applied, or
        ``None``; and ``error``, why it was refused, or ``None``.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     user = client.whoami()
        ...     sandbox.log()[0]["key"]
        'sand****'

        """

    def changes(self) -> list[dict[str, Any]]:
        """Return the latest 100,000 changes of contacts, oldest first.

        Each has ``number``, from 1; ``at``, in seconds after the start; ``order_id``;
        ``contact_type``; ``before``, the previous contact, or ``None``; and ``after``. A request
        with two contacts makes two changes.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts import Client, Contact
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
        ...     client.update_contacts(100000001, technical=jane)
        ...     [(c["before"]["email"], c["after"]["email"]) for c in sandbox.changes()]
        [('robin.leaver@example.com', 'jane.doe@example.com')]

        """

    def history(self, order_id: int) -> list[dict[str, Any]]:
        """Return the changes of one order, in the form of ``changes``.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     sandbox.history(100000001)
        []

        """

    def state(self) -> dict[str, Any]:
        """Return the state of the sandbox in numbers.

        It has ``now``, in seconds after the start; the numbers of ``orders``, ``requests`` and
        ``changes``; ``statuses``, the number of orders with each status; ``leavers``, the e-mail
        addresses of former employees who are still contacts; and ``keys``, each with its ``role``
        and its rate limit ``windows``: the ``used`` requests of the ``limit`` in ``seconds``.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox(orders=200, seed=7) as sandbox:
        ...     sandbox.state()["orders"]
        200

        """

    def add_fault(self, action: FaultAction, **settings: Unpack[FaultSettings]) -> int:
        """Make requests to the API fail; return the id of the fault, for ``remove_fault``.

        If several faults match a request, the one that was added first applies. The maximum is 1000
        faults.

        Args:
            action: ``"status"``, ``"html"`` and ``"redirect"`` respond with a status, an HTML page
                or a redirect instead. ``"delay"``, ``"drip"`` and ``"half"`` apply the request and
                respond late, byte by byte, or with half of the response. ``"close"`` and
                ``"reset"`` end the connection without a response. ``"absent"``, ``"lag"`` and
                ``"cut"`` act on the order report and the reports query only: they are missing,
                show the contacts as they were some time ago, or end early.
            **settings: the settings of the action, and conditions. Without a condition, the fault
                applies to all requests until it is removed.

        Settings of actions:
            status: required for ``"status"``, 200 to 599; for ``"html"`` 200 to 599, by default
                503; for ``"redirect"`` 300 to 399, by default 302; for ``"absent"`` 404, by
                default, 403, or 200 for an error of GraphQL.
            body: for ``"status"``: a text, or a value that is sent as JSON; at most 64 KiB.
            content_type: the type of that body; by default ``"application/json"``.
            location: required for ``"redirect"``.
            seconds: 0 to 600; the delay of ``"delay"``, by default 1; the pause of ``"drip"``
                before each byte, by default 0.1. For ``"lag"`` at most a year, by default 3600.
            rows: for ``"cut"`` and ``"lag"``: the most orders in a response.
            bytes: for ``"cut"`` and ``"lag"``: the most bytes in the body of a response.
            applied: apply the request, although the response is hidden. By default only
                ``"delay"``, ``"drip"`` and ``"half"`` apply it.

        Conditions:
            next: only this number of matching requests; then the fault is removed.
            probability: each request with this probability, 0 to 1.
            seed: the seed for the probability; the same seed makes the same sequence.
            orders: only requests about one of these orders, at most 10,000.
            method: only requests with this method, such as ``"PUT"``.
            path: only requests with this path below the base URL, such as ``"report/order"``.

        Raises:
            ValueError: the action or a setting is unknown, a value is out of range, or there are
                1000 faults.
            TypeError: a value has a type that JSON does not have.
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     number = sandbox.add_fault("close", next=1)
        ...     client.order(100000001).status
        ...     [status for *_, status in sandbox.requests()]
        'issued'
        [0, 200]

        """

    def remove_fault(self, fault_id: int) -> None:
        """Remove a fault, if it exists.

        Args:
            fault_id: the id that ``add_fault`` returned.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     sandbox.remove_fault(sandbox.add_fault("reset"))
        ...     sandbox.faults()
        []

        """

    def clear_faults(self) -> None:
        """Remove all faults.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     number = sandbox.add_fault("status", status=503)
        ...     sandbox.clear_faults()
        ...     sandbox.faults()
        []

        """

    def faults(self) -> list[dict[str, Any]]:
        """Return the active faults, in the order in which they were added.

        Each has ``id``, which ``add_fault`` returned; ``acted``, the number of times it was
        applied; and its action and settings.

        Raises:
            RuntimeError: the sandbox is stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     number = sandbox.add_fault("status", status=503, next=2)
        ...     sandbox.faults()
        [{'id': 1, 'acted': 0, 'action': 'status', 'status': 503, 'applied': False, 'next': 2}]

        """

    def advance(self, seconds: float) -> None:
        """Advance the clock of a sandbox with ``manual_clock=True``.

        Faults that take time still take real time.

        Args:
            seconds: the time to advance.

        Raises:
            RuntimeError: the sandbox has no manual clock.
            ValueError: ``seconds`` is negative or not finite.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox(manual_clock=True) as sandbox:
        ...     sandbox.advance(180)
        ...     sandbox.state()["now"]
        180.0

        """

    def save(self, file: str | PathLike[str]) -> None:
        """Save account and history to a file that only its owner can read; replace an existing one.

        The file includes the keys of the sandbox, but no rate windows, faults and requests.

        Raises:
            OSError: the file cannot be written; an existing file is not changed.
            RuntimeError: the sandbox is stopped.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from digicert_contacts.testing import Sandbox
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "account")
        ...     with Sandbox(orders=30, seed=7) as sandbox:
        ...         sandbox.save(file)
        ...     with Sandbox(snapshot=file) as sandbox:
        ...         sandbox.state()["orders"]
        30

        """

    def restore(self, file: str | PathLike[str]) -> None:
        """Replace account and history by those of a file that ``save`` wrote.

        This resets the rate windows, but keeps the faults.

        Raises:
            OSError: the file cannot be read; nothing is changed.
            ValueError: the file is not a snapshot; nothing is changed.
            RuntimeError: the sandbox is stopped.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from digicert_contacts import Client, Contact
        >>> from digicert_contacts.testing import Sandbox
        >>> with (
        ...     TemporaryDirectory() as folder,
        ...     Sandbox() as sandbox,
        ...     Client(sandbox.api_key, base_url=sandbox.base_url) as client,
        ... ):
        ...     sandbox.save(Path(folder, "account"))
        ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
        ...     client.update_contacts(100000001, technical=jane)
        ...     sandbox.restore(Path(folder, "account"))
        ...     contact = client.order(100000001).technical_contact
        ...     print(contact.first_name if contact else None)
        Robin

        """

    def stop(self) -> None:
        """Stop the sandbox and close its ports. Stopping again has no effect."""
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

def run_cli(args: list[str], signals: Sequence[int]) -> int:
    """Run the command with the standard streams of the process; return its exit code.

    The handlers of ``signals`` raise ``KeyboardInterrupt``. Afterwards, the signals are ignored.
    """

@final
class BulkSource:
    """The source of a bulk change, not yet validated; used by ``check``, ``plan`` and ``apply``."""

    @staticmethod
    def file(name: str, content: bytes, trim: bool, ignore_columns: list[str]) -> BulkSource:
        """Use the content of a file in either format."""

    @staticmethod
    def frame(frame: object, trim: bool, ignore_columns: list[str]) -> BulkSource:
        """Use an object with the Arrow PyCapsule interface.

        Raises:
            InputError: a column is unknown, missing, duplicate, or has an unsupported type.
            TypeError: the object is not a table with named columns.

        """

    @staticmethod
    def rows(
        rows: Iterable[Mapping[str, object]], trim: bool, ignore_columns: list[str]
    ) -> BulkSource:
        """Use an iterable of mappings.

        Raises:
            TypeError: a value has a type that JSON does not have.
            InputError: a string is not valid Unicode.

        """

@final
class BulkOrders(Generic[_T_co]):
    """The records of a plan, a report or a search, created on access; used by ``Records``."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> _T_co: ...

@final
class BulkSearch:
    """The result of a search with its client; used by ``SearchResult``."""

    @property
    def contacts(self) -> BulkOrders[FoundContact]:
        """The contacts."""
    @property
    def sources(self) -> tuple[SourceUse, ...]:
        """The sources that were asked."""
    @property
    def failed(self) -> tuple[FailedOrder, ...]:
        """The orders that could not be read."""
    @property
    def orders(self) -> int:
        """The number of orders with a contact that was found."""
    @property
    def listed(self) -> int:
        """The number of listed orders."""
    @property
    def read(self) -> int:
        """The number of orders that were read."""
    @property
    def sampled(self) -> int:
        """The size of the random sample."""
    @property
    def without_id(self) -> int:
        """The number of listed orders without a readable id."""
    def plan(self, successors: list[Contact]) -> BulkPlan:
        """Plan to replace each contact by the successor of its term, or by the only one."""

@final
class BulkPlan:
    """A plan with its client; used by ``Plan``."""

    @property
    def orders(self) -> BulkOrders[PlannedOrder]:
        """The orders."""
    @property
    def summary(self) -> PlanSummary:
        """The number of orders in each state."""
    @property
    def not_restorable(self) -> tuple[NotRestorable, ...]:
        """What an undo does not restore, or may not."""
    @property
    def base_url(self) -> str:
        """The base URL that the plan was made for."""
    @property
    def created(self) -> str:
        """The time when planning started."""
    @property
    def digest(self) -> str:
        """The SHA-256 of the plan."""
    def write(self, path: str | PathLike[str]) -> None:
        """Write the plan to a new file; see ``Plan.save``."""

    def estimate(self, **options: Unpack[RunOptions]) -> tuple[int, float]:
        """Count the requests of a run, and their seconds; see ``Plan.estimate``."""

    def apply(
        self,
        journal: str | PathLike[str] | None,
        callback: Callback | None,
        **options: Unpack[RunOptions],
    ) -> _Report:
        """Apply the plan, once; see ``Plan.apply``."""

def bulk_check(source: BulkSource) -> tuple[int, int]:
    """Count orders and contacts; see ``check``."""

def bulk_plan(client: Client, source: BulkSource, callback: Callback | None) -> BulkPlan:
    """Read every order; see ``Client.plan``."""

def bulk_snapshot_plan(
    client: Client, source: BulkSource, name: str, content: bytes, created: float
) -> BulkPlan:
    """Plan from an earlier export; see ``Client.plan``."""

def bulk_unread_plan(client: Client, source: BulkSource) -> BulkPlan:
    """Plan without reading the orders; see ``Client.apply``."""

def bulk_search(
    client: Client,
    terms: Sequence[str],
    callback: Callback | None,
    *,
    addresses_only: bool,
    contact_type: str | None,
    status: str | None,
    read_all: bool,
) -> BulkSearch:
    """Search for contacts; see ``Client.find`` and ``Client.replace``."""

def bulk_export(
    client: Client,
    path: str | PathLike[str],
    callback: Callback | None,
    *,
    contact: str | None,
    status: str | None,
    technical_only: bool,
) -> ExportSummary:
    """Export the contacts; see ``Client.export``."""

def bulk_read_plan(client: Client, name: str, content: bytes) -> BulkPlan:
    """Parse a plan; see ``Plan.load``."""

def bulk_undo(
    client: Client, name: str, journal: bytes, other_key: bool, callback: Callback | None
) -> BulkPlan:
    """Plan to undo a run; see ``Client.undo``."""

def bulk_resume(
    client: Client,
    journal: str | PathLike[str],
    other_key: bool,
    callback: Callback | None,
    **options: Unpack[RunOptions],
) -> _Report:
    """Resume a run; see ``Client.resume``."""
