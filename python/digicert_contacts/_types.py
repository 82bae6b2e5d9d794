"""Python types that the Rust code uses, and types for type checkers."""

import enum
import os
import typing
from collections.abc import Mapping

from digicert_contacts._core import Contact

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digicert_contacts._core import RateLimits
    from digicert_contacts._hooks import EventHooks

__all__ = ["AccessRole", "ContactType", "User"]

FilePath: typing.TypeAlias = str | os.PathLike[str]
# A contact, or its fields with the names of the API.
ContactLike: typing.TypeAlias = Contact | Mapping[str, object]


class ContactType(str, enum.Enum):
    """The type of a contact, by its name in the API. An order has one contact of each type."""

    ORGANIZATION = "organization_contact"
    """The contact that represents the organization in the certificate."""
    TECHNICAL = "technical_contact"
    """The contact that maintains the certificate."""

    def __str__(self) -> str:
        """Return the name in the API."""
        return self.value


class AccessRole(typing.NamedTuple):
    """A role of an API key.

    DigiCert documents 0 (unrestricted), 100 (orders), 101 (orders, domains and organizations), 102
    (view only) and 103 (user management). That 0, 100 and 101 permit changes of contacts is
    inferred.
    """

    id: int | None
    """The id of the role."""
    name: str | None
    """The name of the role."""


class User(typing.NamedTuple):
    """The user of an API key. ``repr`` shows only the roles.

    ``Client.whoami`` returns it.

    >>> from digicert_contacts import AccessRole, User
    >>> User(1, "jane", 2, (AccessRole(100, "Orders"),))
    <User with the roles [Orders]>
    """

    id: int | None = None
    """The id of the user."""
    username: str | None = None
    """The login name of the user."""
    account_id: int | None = None
    """The id of the account."""
    access_roles: tuple[AccessRole, ...] = ()
    """The roles of the key."""

    def __repr__(self) -> str:
        """Show only the roles."""
        names = [role.name or role.id for role in self.access_roles]
        return f"<User with the roles [{', '.join(printable(str(n)) for n in names if n)}]>"


def printable(text: str) -> str:
    """Replace control characters, including those that change the direction of text."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


class ClientSettings(typing.TypedDict, total=False):
    """The keyword arguments of ``Client``."""

    region: typing.Literal["us", "eu"]
    base_url: str | None
    timeout: float
    connect_timeout: float
    max_retries: int
    rate_limits: "typing.Literal['wait', 'raise'] | Iterable[tuple[int, float]] | RateLimits | None"
    proxy: str | None
    ca_bundle: "FilePath | None"
    client_cert: "FilePath | tuple[FilePath, FilePath] | None"
    user_agent_suffix: str | None
    default_headers: "Mapping[str, str] | None"
    event_hooks: "EventHooks | None"


class CallOptions(typing.TypedDict, total=False):
    """The options of a call; ``Client.with_options`` documents them."""

    timeout: float | None
    max_retries: int | None
    rate_limit_wait: bool | float | None


class RunOptions(typing.TypedDict, total=False):
    """The options of a run; ``Plan.apply`` documents them."""

    limit: int | None
    concurrency: int
    verify: bool | str
    refresh: bool
    check_again: bool
    stop_after_failures: int | None
    send: "Callable[[str], str] | None"
