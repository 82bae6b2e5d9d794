from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, ParamSpec, TypeAlias, TypeVar, final

from typing_extensions import Self, Unpack

from digicert_contacts._fault import FaultAction, FaultSettings
from digicert_contacts._report import OrderReport
from digicert_contacts._types import AccessRole

__all__ = [
    "BulkPlan",
    "BulkSource",
    "Cancellation",
    "Client",
    "Contact",
    "ContactsUpdate",
    "Order",
    "OrderContact",
    "Orders",
    "RateLimits",
    "ReportBytes",
    "Sandbox",
    "User",
    "__version__",
    "bulk_check",
    "bulk_plan",
    "bulk_read_plan",
    "bulk_resume",
    "bulk_undo",
    "run_cli",
]

_P = ParamSpec("_P")
_Told: TypeAlias = Callable[[int, int, int, int, str], object]
_Report: TypeAlias = tuple[str, str | None, list[str]]
_T = TypeVar("_T")

__version__: Final[str]

@final
class Contact:
    """A person to be named on an order, checked when it is made.

    A field that is ``None`` is left out of the request, and the order keeps its value. Contacts
    can't be changed, are equal by their values, hash, pickle and copy. ``repr`` shows no values.

    Lengths are in Unicode characters; every text must be visible, without control characters, and
    without white space at either end. All rules with their sources are in the Rust documentation
    of ``contacts-core``.

    Args:
        first_name: at most 128 characters.
        last_name: at most 128 characters.
        email: at most 255 characters, the grammar of HTML's ``<input type=email>``.
        job_title: at most 64 characters.
        telephone: at most 32 characters, no grammar.
        language_id: 1 to 3 digits; ``"1"`` stands for English in DigiCert's examples.
        allow_dotless_domain: let an address such as ``admin@intranet`` pass.

    Raises:
        ValidationError: with everything that is wrong, in the order of the fields.
        TypeError: a value is of another type.

    >>> from digicert_contacts import Contact
    >>> jane = Contact("Jane", "Doe", "jane.doe@example.com", job_title="SRE")
    >>> jane
    <Contact with first_name, last_name, email, job_title>
    >>> match jane:
    ...     case Contact(first, job_title="SRE"):
    ...         print(first)
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
        """Read a mapping of fields, by their names in the API.

        Args:
            fields: strings; ``language_id`` may be an integer. No other names are let in.
            allow_dotless_domain: let an address such as ``admin@intranet`` pass.

        Raises:
            ValidationError: with everything that is wrong.
            TypeError: a value is of a type that JSON does not have.

        >>> from digicert_contacts import Contact
        >>> fields = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> Contact.from_dict(fields).last_name
        'Doe'

        """

    @staticmethod
    def from_json(json: str | bytes | bytearray) -> Contact:
        """Read a JSON object of fields, by their names in the API.

        Raises:
            ValidationError: with everything that is wrong, or, with no ``violations``, because it
                is no JSON.

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
        """The job title; ``None`` leaves the order's."""
    @property
    def telephone(self) -> str | None:
        """The telephone number; ``None`` leaves the order's."""
    @property
    def language_id(self) -> str | None:
        """The language id; ``None`` leaves the order's."""
    def to_dict(self) -> dict[str, str]:
        """Give the fields that are set, by their names in the API.

        >>> from digicert_contacts import Contact
        >>> Contact("Jane", "Doe", "jane.doe@example.com").to_dict()
        {'first_name': 'Jane', 'last_name': 'Doe', 'email': 'jane.doe@example.com'}

        """

    def to_json(self) -> bytes:
        """Give the same as compact JSON.

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
        """Give a contact with other values in some fields; ``None`` leaves a field out.

        It is checked as a new one is. ``copy.replace`` of Python 3.13 does the same.

        Raises:
            ValidationError: with everything that is wrong.

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
        """Show it with its values, which are personal data: not for logs.

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
    """The contacts to set on an order: one or both.

    A side that is ``None`` stays as it is on the order; nothing can be removed. Updates can't be
    changed, are equal by their values, hash, pickle and copy. ``repr`` shows no values.

    Args:
        technical: looks after the certificate.
        organization: speaks for the organization; DigiCert refuses one on a DV order.

    Raises:
        TypeError: neither is given.

    >>> from digicert_contacts import Contact, ContactsUpdate
    >>> ContactsUpdate(technical=Contact("Jane", "Doe", "jane.doe@example.com"))
    <ContactsUpdate with technical_contact>

    """

    __match_args__: Final = ("technical", "organization")
    def __new__(
        cls, *, technical: Contact | None = None, organization: Contact | None = None
    ) -> Self: ...
    @staticmethod
    def from_dict(update: Mapping[str, object]) -> ContactsUpdate:
        """Read a dict in the API's form, or in the two-sided form.

        The API's is ``{"contacts": [{"contact_type": "technical_contact", ...}]}``, the two-sided
        one ``{"technical_contact": {...}, "organization_contact": {...}}``.

        Raises:
            ValidationError: with everything that is wrong.
            TypeError: a value is of a type that JSON does not have.

        >>> from digicert_contacts import ContactsUpdate
        >>> jane = {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}
        >>> ContactsUpdate.from_dict({"technical_contact": jane}).technical.first_name
        'Jane'

        """

    @staticmethod
    def from_json(json: str | bytes | bytearray) -> ContactsUpdate:
        """Read JSON in either form of ``from_dict``.

        Raises:
            ValidationError: with everything that is wrong, or, with no ``violations``, because it
                is no JSON.

        >>> from digicert_contacts import ContactsUpdate
        >>> jane = '{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}'
        >>> ContactsUpdate.from_json('{"technical_contact": ' + jane + '}')
        <ContactsUpdate with technical_contact>

        """

    def to_dict(self) -> dict[str, list[dict[str, str]]]:
        """Give the body of the request as a dict.

        >>> from digicert_contacts import Contact, ContactsUpdate
        >>> jane = Contact("Jane", "Doe", "jane.doe@example.com")
        >>> ContactsUpdate(technical=jane).to_dict()["contacts"][0]["contact_type"]
        'technical_contact'

        """

    def to_json(self) -> bytes:
        """Give the body of the request: compact JSON, the organization contact first.

        >>> from digicert_contacts import Contact, ContactsUpdate
        >>> update = ContactsUpdate(technical=Contact("Jane", "Doe", "jane.doe@example.com"))
        >>> ContactsUpdate.from_json(update.to_json()) == update
        True

        """

    def contact(self, contact_type: str) -> Contact | None:
        """Give the contact of a type, if the update names it.

        Args:
            contact_type: a ``ContactType``, or its name in the API.

        Raises:
            ValueError: there is no such type.

        >>> from digicert_contacts import Contact, ContactsUpdate, ContactType
        >>> update = ContactsUpdate(technical=Contact("Jane", "Doe", "jane.doe@example.com"))
        >>> update.contact(ContactType.ORGANIZATION) is None
        True

        """

    @property
    def technical(self) -> Contact | None:
        """The technical contact; ``None`` leaves the order's."""
    @property
    def organization(self) -> Contact | None:
        """The organization contact; ``None`` leaves the order's."""
    def replace(
        self, *, technical: Contact | None = ..., organization: Contact | None = ...
    ) -> ContactsUpdate:
        """Give an update with another contact on one side; ``None`` leaves the side out.

        Raises:
            TypeError: neither side is left.

        >>> from digicert_contacts import Contact, ContactsUpdate
        >>> jane = Contact("Jane", "Doe", "jane.doe@example.com")
        >>> ContactsUpdate(technical=jane).replace(organization=jane)
        <ContactsUpdate with organization_contact, technical_contact>

        """

    def __replace__(
        self, *, technical: Contact | None = ..., organization: Contact | None = ...
    ) -> ContactsUpdate: ...
    def show(self) -> str:
        """Show it with its values, which are personal data: not for logs.

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
    """A contact as an order shows it; no rule of ``Contact`` is applied.

    ``language_id`` is not in it, because it has never been seen in an answer. Two are equal by
    their values; ``repr`` shows none.

    >>> from digicert_contacts import Contact, OrderContact
    >>> json = b'{"first_name": "J", "last_name": "D", "email": "j@d.example"}'
    >>> old = OrderContact.from_json(json)
    >>> Contact.from_dict(old.to_dict()).replace(job_title="SRE").first_name
    'J'

    """

    __match_args__: Final = ("first_name", "last_name", "email")
    @classmethod
    def from_json(cls, json: str | bytes | bytearray) -> OrderContact:
        """Read a contact as an order shows it; what is not known is passed over.

        Raises:
            ValidationError: it is no JSON object.

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
    def to_dict(self) -> dict[str, str]:
        """Give the fields that the order has, by their names in the API.

        >>> from digicert_contacts import OrderContact
        >>> OrderContact.from_json('{"email": "jane.doe@example.com", "id": 5}').to_dict()
        {'email': 'jane.doe@example.com'}

        """

    def to_json(self) -> bytes:
        """Give the same as compact JSON.

        >>> from digicert_contacts import OrderContact
        >>> OrderContact.from_json('{"email": "jane.doe@example.com", "id": 5}').to_json()
        b'{"email":"jane.doe@example.com"}'

        """

    def show(self) -> str:
        """Show it with its values, which are personal data: not for logs.

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
    """An order as the API told it; whatever the answer left out is ``None``.

    Two are equal by their values; they pickle, and ``repr`` shows the id alone.

    >>> from digicert_contacts import Order
    >>> json = b'{"id": 7, "status": "issued", "product": {"name_id": "ssl_plus"}}'
    >>> order = Order.from_json(json)
    >>> match order:
    ...     case Order(number, "issued"):
    ...         print(number, order.product_name_id, order.dv)
    7 ssl_plus None

    """

    __match_args__: Final = ("id", "status")
    @classmethod
    def from_json(cls, json: str | bytes | bytearray) -> Order:
        """Read an order as the API tells it; what is not known is passed over.

        Raises:
            ValidationError: it is no JSON object.

        >>> from digicert_contacts import Order
        >>> Order.from_json('{"id": 7}')
        <Order 7>

        """

    @property
    def id(self) -> int | None:
        """The order's id."""
    @property
    def status(self) -> str | None:
        """Such as ``issued`` or ``pending``; new ones come without notice."""
    @property
    def common_name(self) -> str | None:
        """The first name in the certificate."""
    @property
    def product_name_id(self) -> str | None:
        """Such as ``ssl_plus``."""
    @property
    def validation_type(self) -> str | None:
        """Such as ``ov``, ``ev`` or ``dv``."""
    def contact(self, contact_type: str) -> OrderContact | None:
        """Give the contact of a type, if the order has one.

        Args:
            contact_type: a ``ContactType``, or its name in the API.

        Raises:
            ValueError: there is no such type.

        >>> from digicert_contacts import ContactType, Order
        >>> Order.from_json('{"id": 7}').contact(ContactType.TECHNICAL) is None
        True

        """

    @property
    def technical_contact(self) -> OrderContact | None:
        """The contact that looks after the certificate."""
    @property
    def organization_contact(self) -> OrderContact | None:
        """The contact that speaks for the organization."""
    @property
    def dv(self) -> bool | None:
        """Whether it is a DV order, which has no organization contact; ``None`` if not known."""
    def to_dict(self) -> dict[str, Any]:
        """Give what is known of it, in the form of the API's answer.

        >>> from digicert_contacts import Order
        >>> Order.from_json('{"id": 7, "certificate": {"common_name": "example.com"}}').to_dict()
        {'id': 7, 'certificate': {'common_name': 'example.com'}}

        """

    def to_json(self) -> bytes:
        """Give the same as compact JSON.

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
    """The orders of an account, read page by page as they are asked for.

    ``Client.orders`` makes it.

    The list tells no contacts: read an order with ``Client.order`` for them. An order that is seen
    twice, because others are added meanwhile, is given once. After an error, which is a
    ``RequestError``, it ends.

    >>> from digicert_contacts import Client
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     sum(order.status == "issued" for order in client.orders())
    11

    """

    def __iter__(self) -> Self: ...
    def __next__(self) -> Order: ...
    def take(self, count: int) -> list[Order]:
        """Give so many orders, fewer where the list ends, none at its end.

        Raises:
            RequestError: a page could not be read; first what came before it is given.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     len(client.orders().take(3))
        3

        """

@final
class User:
    """Whom an API key acts for. ``repr`` shows its roles alone.

    ``Client.whoami`` makes it. Users can't be changed, are equal by their values, hash and pickle.

    Args:
        id: the user's id.
        username: the name with which the user signs in.
        account_id: the account's id.
        access_roles: what the key permits, as pairs of a role's id and its name.

    >>> from digicert_contacts import AccessRole, User
    >>> User(1, "jane", 2, [AccessRole(100, "Orders")])
    <User with the roles [Orders]>

    """

    __match_args__: Final = ("id", "username")
    def __new__(
        cls,
        id: int | None = None,  # noqa: A002
        username: str | None = None,
        account_id: int | None = None,
        access_roles: Iterable[tuple[int | None, str | None]] | None = None,
    ) -> Self: ...
    @property
    def id(self) -> int | None:
        """The user's id."""
    @property
    def username(self) -> str | None:
        """The name with which the user signs in."""
    @property
    def account_id(self) -> int | None:
        """The account's id."""
    @property
    def access_roles(self) -> tuple[AccessRole, ...]:
        """What the key permits."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs__(
        self,
    ) -> tuple[int | None, str | None, int | None, list[tuple[int | None, str | None]]]: ...

@final
class RateLimits:
    """How many requests may be sent in what time, and what happens when they are used up.

    Args:
        windows: pairs of a number of requests and a number of seconds that all hold at once, each
            for any stretch of time so long. By default DigiCert's: 100 in 5 s and 1000 in 180 s.
        on_limit: ``"wait"`` for a free slot, or ``"raise"`` ``RateLimitError`` at once, which also
            makes a 429 final.
        file: a file on a local disk in which all processes of this machine that name it keep one
            common rate limit. They have to name the same windows. It holds no key and no contact.

    Raises:
        ConfigurationError: ``on_limit`` is neither.
        ValueError, TypeError: a window is none.

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
    ) -> Self: ...
    @property
    def windows(self) -> tuple[tuple[int, float], ...]:
        """Numbers of requests and seconds."""
    @property
    def on_limit(self) -> Literal["wait", "raise"]:
        """What happens when they are used up."""
    @property
    def file(self) -> Path | None:
        """The file that processes share."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs_ex__(
        self,
    ) -> tuple[tuple[tuple[tuple[int, float], ...]], dict[str, str | Path | None]]: ...

@final
class Client:
    """A client of DigiCert's API for the contacts of orders.

    Its calls block, and let other threads run meanwhile; Ctrl-C ends one that waits within 0.1 s.
    Threads may share it, and then share its connections and its rate limit. After a fork the child
    has connections of its own. It does not pickle, because it holds the key.

    Args:
        api_key: the key; that of the environment's ``DIGICERT_API_KEY`` by default.
        region: ``"us"`` or ``"eu"``.
        base_url: another address: https, or http on loopback.
        timeout: seconds for one request in all, a day at most.
        max_retries: how often a request that failed on its way is sent again. With 0 a 429 is final
            as well.
        rate_limits: ``"wait"`` and ``"raise"`` say what happens when DigiCert's limits are used up;
            a list of pairs of requests and seconds sets other limits; ``RateLimits`` sets all.
            An empty list sets no limit.
        proxy: an http or https URL, or ``"direct"`` for none; by default what ``HTTPS_PROXY``,
            ``ALL_PROXY`` and ``NO_PROXY`` say. Loopback is never reached through a proxy.
        ca_bundle: a PEM file of the certificates to trust instead of the system's;
            ``SSL_CERT_FILE`` by default.
        client_cert: a PEM file with certificate chain and private key, or a pair of two files.
        user_agent_suffix: what stands behind ``digicert-contacts/VERSION``, such as ``acme/2``.

    Raises:
        ConfigurationError: there is no key, or a setting can't be used.
        ValueError, TypeError: a number is out of range, or a value of another type.

    >>> from digicert_contacts import Client, Contact
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
    ...     client.update_contacts(100000001, technical=jane)
    ...     client.order(100000001).technical_contact.first_name
    'Jane'

    """

    def __new__(
        cls,
        api_key: str | None = None,
        *,
        region: Literal["us", "eu"] = "us",
        base_url: str | None = None,
        timeout: float = 45.0,
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
    ) -> Self: ...
    def update_contacts(
        self,
        order_id: int | str,
        update: ContactsUpdate | None = None,
        *,
        technical: Contact | None = None,
        organization: Contact | None = None,
    ) -> None:
        """Change the contacts of one order.

        There is no undo: read the order before, if you may want to put the old contacts back. A
        field that a contact leaves out keeps the order's value.

        Args:
            order_id: digits; not a certificate's id, thumbprint or serial number.
            update: what to set, or
            technical: the technical contact to set,
            organization: the organization contact to set, or both.

        Raises:
            ValidationError: ``order_id`` is none; nothing was sent.
            RequestError: and its subclasses; ``outcome`` says whether the order may have changed.
            TypeError: no contact is given, or an update and contacts.
            RuntimeError: the client was closed.

        See the class for an example.

        """

    def order(self, order_id: int | str) -> Order:
        """Read one order.

        Raises:
            ValidationError: ``order_id`` is none; nothing was sent.
            OrderNotFoundError: it is not in this account.
            RequestError: and its other subclasses.
            RuntimeError: the client was closed.

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
    ) -> Orders:
        """List the orders of the account, 1000 with each request, as they are asked for.

        Args:
            status: only those of this status, such as ``issued``.
            search: only those in which DigiCert's search finds this.
            product_name_id: only those of this product, such as ``ssl_plus``.

        Raises:
            RuntimeError: the client was closed.

        What goes on while it is iterated raises ``RequestError``.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     [order.id for order in client.orders(status="pending")]
        [100000004]

        """

    def order_report(self) -> OrderReport:
        """Begin to read the report of all orders, which tells every technical contact at once.

        It is known from older documentation alone. See ``OrderReport`` for an example.

        Raises:
            NoOrderReportError: the account has none; list the orders and read each instead.
            RequestError: and its other subclasses.
            RuntimeError: the client was closed.

        """

    def whoami(self) -> User:
        """Look up whom the key acts for and what it permits; good to ask before a long run.

        Raises:
            AuthenticationError: the key was refused.
            RequestError: and its other subclasses.
            RuntimeError: the client was closed.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     client.whoami().id
        1

        """

    @property
    def base_url(self) -> str:
        """Where requests go."""
    def close(self) -> None:
        """Close its connections and forget its key; a second time does nothing."""
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

@final
class Cancellation:
    """Ends calls from another thread; ``AsyncClient`` makes it."""

    def __new__(cls) -> Self: ...
    def cancel(self) -> None:
        """Send nothing more from now on, and go on with no wait."""
    def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call a function in this thread, whose calls of the API it can end."""

@final
class ReportBytes:
    """The bytes of the order report; ``OrderReport`` wraps it."""

    def read(self, most: int) -> bytes:
        """Read so many bytes at most, as they come; none at the end.

        Raises:
            RequestError: the report breaks off.

        """

@final
class Sandbox:
    """A local stand-in for DigiCert's API, on 127.0.0.1, with an account of its own.

    It answers as DigiCert's documentation says; a code that begins with ``sandbox_`` is invented.
    Any client can be pointed at it. Threads may share it. ``stop``, or the end of the ``with``
    block, ends it; what it holds is lost then, unless ``save`` wrote it.

    Args:
        port: the port to listen on; 0 takes a free one.
        admin: open a second port, ``admin_url``, where other programs look in and add faults.
        orders: serve so many made-up orders, 5,000,000 at most, with the ids from 100000001 on,
            instead of the demo account, which has 100000001 to 100000014.
        seed: makes the made-up orders; the same seed makes the same ones.
        snapshot: serve account and history of a file that ``save`` wrote.
        rate_limits: pairs of a number of requests and a number of seconds that all hold at once,
            for each key. By default DigiCert's: 100 in 5 s and 1000 in 180 s. An empty list sets
            no limit.
        manual_clock: let rate limits and records go by a clock that only ``advance`` moves.

    Raises:
        OSError: the port is taken, or the snapshot can't be read.
        ValueError: the file is no snapshot, ``orders`` and ``snapshot`` are both given, ``orders``
            is out of range, or a rate limit is of no request or no time.
        TypeError: ``orders`` is no number, or a rate limit no pair of numbers.
        OverflowError: ``port`` or ``seed`` is out of range.

    >>> from digicert_contacts import Client, Contact
    >>> from digicert_contacts.testing import Sandbox
    >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
    ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
    ...     client.update_contacts(100000001, technical=jane)
    ...     sandbox.order(100000001)["technical_contact"]["first_name"]
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
    ) -> Self: ...
    @property
    def base_url(self) -> str:
        """What stands in for ``https://www.digicert.com/services/v2``."""
    @property
    def admin_url(self) -> str | None:
        """The admin address, for requests without a key; ``None`` without ``admin=True``."""
    @property
    def api_key(self) -> str:
        """A key that may do everything; it opens nothing but sandboxes."""
    def order(self, order_id: int) -> dict[str, Any] | None:
        """Give an order as it stands, in the form of the API's answer; ``None`` if there is none.

        The contacts have their ``language_id``, which no answer shows. An order of another account
        is given too, although no key can read it.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     sandbox.order(100000001)["status"]
        'issued'

        """

    def requests(self) -> list[tuple[str, str, int]]:
        """Give the latest 100,000 requests, oldest first: method, path and query, status.

        The status is 0 where a fault closed the connection instead.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     user = client.whoami()
        ...     sandbox.requests()
        [('GET', '/services/v2/user/me', 200)]

        """

    def log(self) -> list[dict[str, Any]]:
        """Give the latest 100,000 requests, oldest first, with all that is kept of them.

        Each has ``number``, from 1; ``at``, in seconds after the start; ``method``; ``target``,
        path and query; ``status``, 0 where a fault closed the connection instead; ``key``, no more
        than its first four characters; and ``fault``, the action of the fault that acted on it, or
        ``None``.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     user = client.whoami()
        ...     sandbox.log()[0]["key"]
        'sand****'

        """

    def changes(self) -> list[dict[str, Any]]:
        """Give the latest 100,000 contacts that were written, oldest first.

        Each has ``number``, from 1; ``at``, in seconds after the start; ``order_id``;
        ``contact_type``; ``before``, the contact that was there, or ``None``; and ``after``. A
        request with two contacts makes two.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts import Client, Contact
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     jane = Contact("Jane", "Doe", "jane.doe@example.com")
        ...     client.update_contacts(100000001, technical=jane)
        ...     [(c["before"]["email"], c["after"]["email"]) for c in sandbox.changes()]
        [('robin.leaver@example.com', 'jane.doe@example.com')]

        """

    def history(self, order_id: int) -> list[dict[str, Any]]:
        """Give the contacts that were written to one order, in the form of ``changes``.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     sandbox.history(100000001)
        []

        """

    def state(self) -> dict[str, Any]:
        """Give how it stands, in figures.

        There are ``now``, in seconds after the start; the numbers of ``orders``, ``requests`` and
        ``changes``; ``statuses``, how many orders have each; ``leavers``, the e-mail addresses of
        people who have left but are still named; and ``keys``, each with its ``role`` and its rate
        ``windows``: how many requests of what ``limit`` are ``used`` in how many ``seconds``.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox(orders=200, seed=7) as sandbox:
        ...     sandbox.state()["orders"]
        200

        """

    def add_fault(self, action: FaultAction, **settings: Unpack[FaultSettings]) -> int:
        """Make requests to the API fail, and give the number by which the fault can be removed.

        Of several faults that fit a request, the first that was added acts. 1000 are the most.

        Args:
            action: ``"status"``, ``"html"`` and ``"redirect"`` answer a status, a page of HTML or
                another location instead. ``"delay"``, ``"drip"`` and ``"half"`` carry the request
                out and answer late, byte by byte, or half. ``"close"`` and ``"reset"`` end the
                connection without an answer.
            **settings: what the action takes, and to which requests it happens; without the latter
                to all, until the fault is removed.

        What actions take:
            status: of ``"status"``, 200 to 599, which needs it; of ``"html"``, 200 to 599, by
                default 503; of ``"redirect"``, 300 to 399, by default 302.
            body: of ``"status"``, a text, or what becomes JSON; 64 KiB at most.
            content_type: of that body; ``"application/json"`` by default.
            location: of ``"redirect"``, which needs it.
            seconds: 0 to 600; how late ``"delay"`` answers, by default 1; how long ``"drip"`` waits
                before each byte, by default 0.1.
            applied: carry the request out, although the answer is hidden. Without it only
                ``"delay"``, ``"drip"`` and ``"half"`` do; with others nothing is changed.

        To which requests it happens:
            next: to the next so many that fit; then the fault is gone.
            probability: to each with this probability, 0 to 1.
            seed: makes the sequence of these; the same seed makes the same one.
            orders: to those about one of these orders, at most 10,000.
            method: to those of this method, such as ``"PUT"``.

        Raises:
            ValueError: there is no such action or setting, it can't have that value, or there are
                1000 faults already.
            TypeError: a value is of a type that JSON does not have.
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts import Client
        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox, Client(sandbox.api_key, base_url=sandbox.base_url) as client:
        ...     number = sandbox.add_fault("close", next=1)
        ...     client.order(100000001).status
        ...     [status for method, target, status in sandbox.requests()]
        'issued'
        [0, 200]

        """

    def remove_fault(self, fault_id: int) -> None:
        """Remove a fault; nothing happens if it is gone already.

        Args:
            fault_id: the number that ``add_fault`` gave.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     sandbox.remove_fault(sandbox.add_fault("reset"))
        ...     sandbox.faults()
        []

        """

    def clear_faults(self) -> None:
        """Remove all faults.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     number = sandbox.add_fault("status", status=503)
        ...     sandbox.clear_faults()
        ...     sandbox.faults()
        []

        """

    def faults(self) -> list[dict[str, Any]]:
        """Give the faults that are there, in the order in which they were added.

        Each has ``id``, the number that ``add_fault`` gave; ``acted``, how often it did; and its
        action and settings.

        Raises:
            RuntimeError: the sandbox was stopped.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox() as sandbox:
        ...     number = sandbox.add_fault("status", status=503, next=2)
        ...     sandbox.faults()
        [{'id': 1, 'acted': 0, 'action': 'status', 'status': 503, 'applied': False, 'next': 2}]

        """

    def advance(self, seconds: float) -> None:
        """Move the clock of a sandbox that was made with ``manual_clock=True``.

        Faults that take time take real time all the same.

        Args:
            seconds: how far, forward only.

        Raises:
            RuntimeError: it has no such clock.
            ValueError: ``seconds`` is negative or not finite.

        >>> from digicert_contacts.testing import Sandbox
        >>> with Sandbox(manual_clock=True) as sandbox:
        ...     sandbox.advance(180)
        ...     sandbox.state()["now"]
        180.0

        """

    def save(self, file: str | PathLike[str]) -> None:
        """Write account and history into a file, for its owner alone; one that is there goes.

        Rate windows, faults and requests are not in it; keys of the sandbox are.

        Raises:
            OSError: it can't be written; the file that was there is whole then.
            RuntimeError: the sandbox was stopped.

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
        """Take account and history from a file that ``save`` wrote, in place of what it holds.

        The rate windows are empty afterwards; faults stay.

        Raises:
            OSError: the file can't be read; nothing is changed then.
            ValueError: it is no such file; nothing is changed then.
            RuntimeError: the sandbox was stopped.

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
        ...     client.order(100000001).technical_contact.first_name
        'Robin'

        """

    def stop(self) -> None:
        """Stop it and close its ports; a second time does nothing."""
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

def run_cli(args: list[str], signals: Sequence[int]) -> int:
    """Run the command on the standard streams of the process, and give its exit code.

    The signals, whose handlers raise ``KeyboardInterrupt``, are ignored once it is done.
    """

@final
class BulkSource:
    """What is wanted of many orders, not yet looked into; ``check`` and ``plan`` make it."""

    @staticmethod
    def file(name: str, content: bytes, trim: bool) -> BulkSource:
        """Take the bytes of a file of either format."""

    @staticmethod
    def frame(frame: object) -> BulkSource:
        """Take anything with the Arrow PyCapsule interface.

        Raises:
            InputError: columns are unknown, missing, there twice or of a type that holds no cell.
            TypeError: it can't be read as a table with named columns.

        """

    @staticmethod
    def rows(rows: Iterable[Mapping[str, object]]) -> BulkSource:
        """Take an iterable of mappings.

        Raises:
            TypeError: a value is of a type that JSON does not have.
            InputError: text is no Unicode.

        """

@final
class BulkPlan:
    """A plan, and the client that it was made with; ``Plan`` wraps it."""

    def orders(self) -> list[str]:
        """Give each order as a line of JSON."""

    def summary(self) -> str:
        """Give the counts as JSON."""

    def left(self) -> str:
        """Give what an undo leaves as it is, as JSON."""

    @property
    def base_url(self) -> str:
        """The address that it was made for."""
    @property
    def created(self) -> str:
        """When its reading was begun."""
    @property
    def digest(self) -> str:
        """A SHA-256 over everything in it."""
    def write(self, path: str | PathLike[str]) -> None:
        """Write it into a new file; see ``Plan.save``."""

    def apply(
        self, journal: str | PathLike[str] | None, settings: object, callback: _Told | None
    ) -> _Report:
        """Carry it out, once; see ``Plan.apply``."""

def bulk_check(source: BulkSource) -> tuple[int, int]:
    """Count the orders and contacts; see ``check``."""

def bulk_plan(client: Client, source: BulkSource, callback: _Told | None) -> BulkPlan:
    """Read every order; see ``plan``."""

def bulk_read_plan(client: Client, name: str, content: bytes) -> BulkPlan:
    """Read a plan that was kept; see ``Plan.load``."""

def bulk_undo(
    client: Client, name: str, journal: bytes, other_key: bool, callback: _Told | None
) -> BulkPlan:
    """Plan to put back what a run found; see ``undo``."""

def bulk_resume(
    client: Client,
    journal: str | PathLike[str],
    other_key: bool,
    settings: object,
    callback: _Told | None,
) -> _Report:
    """Go on with the run of a journal; see ``resume``."""
