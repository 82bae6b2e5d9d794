"""Contacts and updates: validated on creation, and well-behaved Python objects."""

import copy
import json
import pickle

import pytest

from digicert_contacts import (
    Contact,
    ContactsUpdate,
    ContactType,
    OrderContact,
    ValidationError,
)

JANE = Contact("Jane", "Doe", "jane@example.com", job_title="SRE", language_id="1")


def test_fields_that_are_set_can_be_read() -> None:
    assert (JANE.first_name, JANE.last_name, JANE.email) == ("Jane", "Doe", "jane@example.com")
    assert (JANE.job_title, JANE.telephone, JANE.language_id) == ("SRE", None, "1")
    assert JANE.to_dict() == {
        "first_name": "Jane",
        "last_name": "Doe",
        "email": "jane@example.com",
        "job_title": "SRE",
        "language_id": "1",
    }


def test_all_violations_are_reported_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        Contact("", "Doe ", "jane", telephone="1" * 33)
    assert [(v.path, v.code) for v in caught.value.violations] == [
        ("first_name", "blank"),
        ("last_name", "surrounding-white-space"),
        ("email", "email-format"),
        ("telephone", "too-long"),
    ]
    assert str(caught.value) == "\n".join(f"{v.path}: {v.message}" for v in caught.value.violations)


def test_a_dotless_domain_must_be_allowed() -> None:
    with pytest.raises(ValidationError, match="no dot in the domain"):
        Contact("Jane", "Doe", "jane@intranet")
    jane = Contact("Jane", "Doe", "jane@intranet", allow_dotless_domain=True)
    assert pickle.loads(pickle.dumps(jane)) == jane  # noqa: S301 - made here


def test_no_value_shows_in_a_repr() -> None:
    marker = Contact("Marker", "Marker", "marker@example.com", telephone="Marker")
    update = ContactsUpdate(technical=marker)
    assert repr(marker) == "<Contact with first_name, last_name, email, telephone>"
    assert repr(update) == "<ContactsUpdate with technical_contact>"


def test_equal_contacts_are_one_in_a_set() -> None:
    same = Contact("Jane", "Doe", "jane@example.com", job_title="SRE", language_id="1")
    other = Contact("Jane", "Doe", "jane@example.com")
    assert JANE == same
    assert JANE != other
    assert JANE != "Jane"
    assert len({JANE, same, other}) == 2
    assert len({ContactsUpdate(technical=JANE), ContactsUpdate(technical=same)}) == 1


@pytest.mark.parametrize("value", [JANE, ContactsUpdate(technical=JANE, organization=JANE)])
def test_contacts_can_be_pickled_and_copied(value: Contact | ContactsUpdate) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made here
    assert copy.deepcopy(value) == value


def test_contacts_are_immutable() -> None:
    with pytest.raises(AttributeError):
        JANE.email = "john@example.com"  # type: ignore[misc]


def test_an_update_is_the_documented_body() -> None:
    update = ContactsUpdate(technical=JANE)
    body = json.loads(update.to_json())
    assert body == {"contacts": [{**JANE.to_dict(), "contact_type": "technical_contact"}]}
    assert ContactsUpdate.from_json(update.to_json()) == update
    assert ContactsUpdate.from_json(update.to_json().decode()) == update
    assert update.contact(ContactType.TECHNICAL) == update.technical == JANE
    assert update.contact("organization_contact") is update.organization is None
    with pytest.raises(ValueError, match="contact_type must be"):
        update.contact("billing")


def test_an_update_needs_a_contact() -> None:
    with pytest.raises(TypeError, match="a contact is required"):
        ContactsUpdate()


def test_the_violations_of_dicts_are_reported_together_with_their_paths() -> None:
    with pytest.raises(ValidationError) as caught:
        ContactsUpdate(
            technical={**JANE.to_dict(), "email": "Marker"}, organization={"phone": "Marker"}
        )
    assert [(v.path, v.code) for v in caught.value.violations] == [
        ("organization_contact.first_name", "required"),
        ("organization_contact.last_name", "required"),
        ("organization_contact.email", "required"),
        ("organization_contact.phone", "unknown-field"),
        ("technical_contact.email", "email-format"),
    ]
    assert "Marker" not in str(caught.value)


def test_a_contact_beside_a_dict_is_not_validated_again() -> None:
    intranet = Contact("Jane", "Doe", "jane@intranet", allow_dotless_domain=True)
    update = ContactsUpdate(technical=intranet, organization=JANE.to_dict())
    assert (update.technical, update.organization) == (intranet, JANE)


def test_another_type_is_not_a_contact() -> None:
    message = "^technical must be a Contact or a mapping of its fields, not "
    with pytest.raises(TypeError, match=f"{message}str$"):
        ContactsUpdate(technical="Jane")  # type: ignore[arg-type]
    read = OrderContact.from_json("{}")
    with pytest.raises(TypeError, match=rf"{message}OrderContact; use its to_contact\(\)$"):
        ContactsUpdate(technical=read)  # type: ignore[arg-type]


def test_what_an_order_holds_may_not_be_a_valid_contact() -> None:
    read = OrderContact.from_json(
        b'{"first_name": "Jane ", "last_name": 5, "email": "jane@intranet", "job_title": ""}'
    )
    with pytest.raises(ValidationError) as caught:
        read.to_contact()
    assert [(v.path, v.code) for v in caught.value.violations] == [
        ("first_name", "surrounding-white-space"),
        ("last_name", "required"),
        ("email", "email-dotless-domain"),
    ]
    json = Contact("Jane", "Doe", "jane@intranet", allow_dotless_domain=True).to_json()
    contact = OrderContact.from_json(json).to_contact(allow_dotless_domain=True)
    assert contact.to_json() == json


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON: EOF while parsing an object at line 1, column 1"),
        ('{"contacts": []}', "contacts: no contact; at least one is required"),
        (
            '{"contacts": [{"contact_type": "technical_contact", "phone": 1}]}',
            "contacts[0].phone: unknown field; did you mean `telephone`?",
        ),
    ],
    ids=["syntax", "empty", "misspelt"],
)
def test_json_that_is_not_an_update_is_rejected(text: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ContactsUpdate.from_json(text)
    assert says in str(caught.value)


def test_a_contact_type_is_its_name() -> None:
    assert ContactType("technical_contact") is ContactType.TECHNICAL
    assert {"technical_contact": 1}[ContactType.TECHNICAL] == 1
    assert str(ContactType.ORGANIZATION) == "organization_contact"
    assert pickle.loads(pickle.dumps(ContactType.TECHNICAL)) is ContactType.TECHNICAL  # noqa: S301
