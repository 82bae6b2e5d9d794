"""The same update in pydantic and msgspec, as a user would write it."""

from typing import Annotated, Literal

import msgspec
import pydantic

# The expression of the HTML standard, without what a Rust regex can't say.
LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = rf"^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})*$"
ContactType = Literal["organization_contact", "technical_contact"]

Name = Annotated[str, pydantic.StringConstraints(min_length=1, max_length=128)]
Email = Annotated[str, pydantic.StringConstraints(max_length=255, pattern=EMAIL)]
Title = Annotated[str, pydantic.StringConstraints(min_length=1, max_length=64)]
Telephone = Annotated[str, pydantic.StringConstraints(min_length=1, max_length=32)]
Language = Annotated[str, pydantic.StringConstraints(pattern="^[0-9]{1,3}$")]


class PydanticContact(pydantic.BaseModel):
    """One contact."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    contact_type: ContactType
    first_name: Name
    last_name: Name
    email: Email
    job_title: Title | None = None
    telephone: Telephone | None = None
    language_id: Language | None = None


class PydanticUpdate(pydantic.BaseModel):
    """One update."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    contacts: Annotated[list[PydanticContact], pydantic.Field(min_length=1, max_length=2)]

    @pydantic.model_validator(mode="after")
    def different_types(self) -> "PydanticUpdate":
        """Reject two contacts of the same type."""
        return different(self)


class MsgspecContact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contact."""

    contact_type: ContactType
    first_name: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    last_name: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    email: Annotated[str, msgspec.Meta(max_length=255, pattern=EMAIL)]
    job_title: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    telephone: Annotated[str, msgspec.Meta(min_length=1, max_length=32)] | None = None
    language_id: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,3}$")] | None = None


class MsgspecUpdate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One update."""

    contacts: Annotated[list[MsgspecContact], msgspec.Meta(min_length=1, max_length=2)]

    def __post_init__(self) -> None:
        """Reject two contacts of the same type."""
        different(self)


def different(update):  # noqa: ANN001, ANN201 - either
    """Return the update, if its contacts have different types."""
    contacts = update.contacts
    if len(contacts) == 2 and contacts[0].contact_type == contacts[1].contact_type:
        message = "two contacts of one type"
        raise ValueError(message)
    return update


pydantic_dict = PydanticUpdate.model_validate
pydantic_json = PydanticUpdate.model_validate_json
msgspec_json = msgspec.json.Decoder(MsgspecUpdate).decode


def msgspec_dict(update: object) -> MsgspecUpdate:
    """Validate a dict."""
    return msgspec.convert(update, MsgspecUpdate)
