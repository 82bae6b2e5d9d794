"""Enumerations. They are Python's own, so that they pickle and compare as people expect."""

import enum


class ContactType(str, enum.Enum):
    """Which of an order's two contacts is meant, by its name in the API."""

    ORGANIZATION = "organization_contact"
    """Speaks for the organization that the certificate names."""
    TECHNICAL = "technical_contact"
    """Looks after the certificate."""

    def __str__(self) -> str:
        """Return the name in the API."""
        return self.value
