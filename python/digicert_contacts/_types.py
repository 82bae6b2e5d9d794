"""Enumerations and records. They are Python's own, so that they pickle and compare as expected."""

import enum
import typing


class ContactType(str, enum.Enum):
    """Which of an order's two contacts is meant, by its name in the API."""

    ORGANIZATION = "organization_contact"
    """Speaks for the organization that the certificate names."""
    TECHNICAL = "technical_contact"
    """Looks after the certificate."""

    def __str__(self) -> str:
        """Return the name in the API."""
        return self.value


class AccessRole(typing.NamedTuple):
    """One thing that an API key permits.

    Documented are 0 unrestricted, 100 orders, 101 orders, domains and organizations, 102 view only,
    103 user management. That 0, 100 and 101 may change contacts is inferred.
    """

    id: int | None
    """The role's id."""
    name: str | None
    """The role's name."""
