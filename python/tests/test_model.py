"""Properties of every contact and of every input."""

import copy
import json
import pickle
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, strategies as st

import reference
from digicert_contacts import (
    AccessRole,
    Contact,
    ContactsUpdate,
    ContactType,
    Order,
    OrderContact,
    User,
    ValidationError,
)

WORDS = st.text(st.sampled_from("aZ09 .,-'ëÅ陳Ж👩\u200d"), min_size=1, max_size=30).filter(
    lambda text: not reference.text_codes(text)
)
EMAILS = st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z]{1,20}\.(com|example)", fullmatch=True)
FIELDS = st.fixed_dictionaries(
    {"first_name": WORDS, "last_name": WORDS, "email": EMAILS},
    optional={
        "job_title": WORDS,
        "telephone": WORDS.map(lambda text: text[:1].strip("\u200d") + "0"),
        "language_id": st.from_regex("[0-9]{1,3}", fullmatch=True),
    },
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | st.integers() | FLOATS | st.text()
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*reference.FIELDS, "contact_type", "phone"])
LOOSE = st.dictionaries(NAMES, JSON | WORDS | st.sampled_from(reference.TYPES), max_size=8)


@given(FIELDS)
def test_a_contact_is_the_same_in_every_form(fields: dict[str, str]) -> None:
    contact = Contact.from_dict(fields)
    assert contact.to_dict() == fields
    assert json.loads(contact.to_json()) == fields
    same = [
        Contact(**fields),  # type: ignore[arg-type]
        Contact.from_json(contact.to_json()),
        contact.replace(),
        contact.replace(email="other@example.com").replace(email=fields["email"]),
        pickle.loads(pickle.dumps(contact)),  # noqa: S301 - made here
        copy.copy(contact),
        copy.deepcopy([contact])[0],
        eval(contact.show(), {"Contact": Contact}),  # noqa: S307 - made here
    ]
    assert all(contact == other for other in same)
    assert len({contact, *same}) == 1
    assert not any(value in repr(contact) for value in fields.values() if len(value) > 12)


@given(FIELDS, FIELDS)
def test_an_update_is_the_same_in_every_form(one: dict[str, str], other: dict[str, str]) -> None:
    update = ContactsUpdate(technical=Contact.from_dict(one), organization=Contact.from_dict(other))
    same = [
        ContactsUpdate.from_dict(update.to_dict()),
        ContactsUpdate.from_json(update.to_json()),
        ContactsUpdate.from_dict({"technical_contact": one, "organization_contact": other}),
        update.replace(technical=None).replace(technical=update.technical),
        pickle.loads(pickle.dumps(update)),  # noqa: S301 - made here
        copy.deepcopy(update),
    ]
    assert all(update == again for again in same)
    assert json.loads(update.to_json()) == update.to_dict()


@given(FIELDS, FIELDS)
def test_a_dict_is_taken_where_a_contact_is(one: dict[str, str], other: dict[str, str]) -> None:
    contacts = ContactsUpdate(
        technical=Contact.from_dict(one), organization=Contact.from_dict(other)
    )
    assert contacts == ContactsUpdate(technical=one, organization=other)
    assert contacts == ContactsUpdate(technical=one).replace(organization=other)


@given(FIELDS)
def test_a_contact_of_an_order_becomes_a_contact(fields: dict[str, str]) -> None:
    contact = Contact.from_dict(fields)
    read = OrderContact.from_json(contact.to_json())
    assert read.to_contact() == contact.replace(language_id=None)


@given(st.lists(LOOSE | JSON, max_size=3) | JSON)
def test_a_dict_is_validated_like_its_json(contacts: object) -> None:
    update = {"contacts": contacts}
    text = json.dumps(update)
    # Floats with integral values and integers beyond 64 bits are numbers in both.
    assert outcome(ContactsUpdate.from_dict, update) == outcome(ContactsUpdate.from_json, text)


def outcome(read: object, given_value: object) -> object:
    try:
        return read(given_value)  # type: ignore[operator]
    except ValidationError as error:
        return error.violations


@pytest.mark.parametrize("value", [b"x", object(), {1}, ...], ids=["bytes", "object", "set", "..."])
def test_a_type_that_json_does_not_have_is_a_type_error_with_a_path(value: object) -> None:
    with pytest.raises(
        TypeError, match=r"^contacts\[0\]\.email: expected a str, int, dict or list"
    ):
        ContactsUpdate.from_dict({"contacts": [{"email": value}]})
    with pytest.raises(TypeError, match="keys must be str"):
        Contact.from_dict({1: "x"})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Contact("Marker\ud800", "Doe", "j@example.com"),
        lambda: Contact.from_dict({"first_name": "Marker\ud800"}),
        lambda: Contact.from_json('"Marker\ud800"'),
        lambda: Contact("J", "D", "j@example.com").replace(first_name="Marker\ud800"),
    ],
    ids=["new", "dict", "json", "replace"],
)
def test_a_lone_surrogate_is_a_violation_without_the_value(make: object) -> None:
    with pytest.raises(ValidationError, match="half of a surrogate pair") as caught:
        make()  # type: ignore[operator]
    assert "Marker" not in f"{caught.value!r} {vars(caught.value)}"
    assert caught.value.__context__ is None


def test_any_mapping_is_a_dict_and_a_tuple_is_a_list() -> None:
    from types import MappingProxyType  # noqa: PLC0415 - only here

    jane = MappingProxyType(Contact("Jane", "Doe", "j@example.com").to_dict())
    assert Contact.from_dict(jane).first_name == "Jane"
    update = {"contacts": ({**jane, "contact_type": ContactType.TECHNICAL},)}
    assert ContactsUpdate.from_dict(update).technical == Contact.from_dict(jane)


class _Meddler(Mapping[str, str]):
    """A mapping that changes its own dict during the conversion."""

    def __init__(self, around: dict[str, object], inner: dict[str, str]) -> None:
        self.around = around
        self.inner = inner

    def __getitem__(self, name: str) -> str:
        return self.inner[name]

    def __iter__(self) -> Iterator[str]:
        self.around.clear()
        self.around.update((str(number), number) for number in range(100))
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


def test_a_dict_that_changes_during_conversion_is_read_as_it_was() -> None:
    jane = Contact("Jane", "Doe", "j@example.com")
    update: dict[str, object] = {"organization_contact": jane}
    update["technical_contact"] = _Meddler(update, jane.to_dict())
    assert ContactsUpdate.from_dict(update) == ContactsUpdate(technical=jane, organization=jane)
    assert len(update) == 100


def test_a_dict_that_another_thread_changes_is_valid_or_invalid() -> None:
    update: dict[str, object] = {"technical_contact": Contact("Jane", "Doe", "j@example.com")}
    stopped = threading.Event()

    def change() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            update[str(number % 50)] = number
            update.pop(str((number + 25) % 50), None)

    def read() -> type:
        try:
            return type(ContactsUpdate.from_dict(update))
        except ValidationError:
            return ValidationError

    with ThreadPoolExecutor() as pool:
        changing = pool.submit(change)
        try:
            seen = {*pool.map(lambda _: read(), range(2000))}
            assert seen <= {ContactsUpdate, ValidationError}
        finally:
            stopped.set()
        changing.result()


def test_contacts_and_updates_can_be_matched() -> None:
    match ContactsUpdate(technical=Contact("Jane", "Doe", "j@example.com", job_title="SRE")):
        case ContactsUpdate(Contact(first, _, email, job_title="SRE"), None):
            assert (first, email) == ("Jane", "j@example.com")
        case _:
            pytest.fail("it did not match")


def test_an_unknown_argument_of_replace_is_a_type_error() -> None:
    jane = Contact("Jane", "Doe", "j@example.com", telephone="1")
    assert jane.replace(telephone=None).telephone is None
    with pytest.raises(ValidationError, match="last_name: required"):
        jane.replace(last_name=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="unexpected keyword argument 'phone'"):
        jane.replace(phone="1")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^telephone must be a str, not int$"):
        jane.replace(telephone=1)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="no dot in the domain"):
        jane.replace(email="jane@intranet")
    intranet = jane.replace(email="jane@intranet", allow_dotless_domain=True)
    assert intranet.replace(telephone="2").email == "jane@intranet"


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace came with 3.13")
def test_copy_replace_works() -> None:
    jane = Contact("Jane", "Doe", "j@example.com")
    replace = vars(copy)["replace"]
    assert replace(jane, last_name="Roe").last_name == "Roe"


ORDER = {
    "id": 7,
    "status": "issued",
    "organization_contact": {"first_name": "A", "email": "a@b.example"},
    "technical_contact": {"last_name": "Z", "telephone": "5"},
    "product": {"name_id": "ssl_plus", "type": "ssl_certificate", "validation_type": "ov"},
    "certificate": {"common_name": "www.example.com"},
}


def test_an_order_is_the_same_in_every_form() -> None:
    order = Order.from_json(json.dumps({**ORDER, "unknown": [1]}))
    assert order.to_dict() == ORDER
    assert json.loads(order.to_json()) == ORDER
    assert (order.product_name_id, order.validation_type) == ("ssl_plus", "ov")
    copied = pickle.loads(pickle.dumps(order))  # noqa: S301 - made here
    assert copied == order == copy.deepcopy(order)
    assert len({order, copied}) == 1
    contact = order.technical_contact
    assert contact is not None
    assert contact.to_dict() == ORDER["technical_contact"]
    assert contact.show() == "OrderContact(last_name='Z', telephone='5')"
    same = pickle.loads(pickle.dumps(contact))  # noqa: S301 - made here
    assert {contact} == {same}


@pytest.mark.parametrize("text", ["[]", "5", "null", '["Marker"]', '"Marker"'])
def test_a_value_that_is_not_an_object_is_not_a_contact_of_an_order(text: str) -> None:
    for read in (Order.from_json, OrderContact.from_json):
        with pytest.raises(ValidationError, match=r"^expected an object, found [a-z]+") as caught:
            read(text)
        assert "Marker" not in str(caught.value)


@pytest.mark.parametrize("text", ["{}", '{"status": "issued"}', '{"id": null}', '{"id": "Marker"}'])
def test_an_order_always_has_an_id(text: str) -> None:
    with pytest.raises(ValidationError, match=r"^id: required, but missing$") as caught:
        Order.from_json(text)
    assert [(v.path, v.code) for v in caught.value.violations] == [("id", "required")]
    assert Order.from_json('{"id": "7"}').id == 7


def test_an_unreadable_part_of_an_order_survives_pickling() -> None:
    order = Order.from_json('{"id": 7, "technical_contact": {"first_name": 5, "last_name": "Doe"}}')
    copies = [
        pickle.loads(pickle.dumps(order)),  # noqa: S301 - made here
        Order.from_json(order.to_json()),
    ]
    assert copies == [order, order]
    assert order != Order.from_json('{"id": 7, "technical_contact": {"last_name": "Doe"}}')


def test_a_user_can_be_pickled_and_its_repr_shows_no_name() -> None:
    user = User(1, "marker", 2, (AccessRole(100, "Orders"), AccessRole(7, None)))
    assert repr(user) == "<User with the roles [Orders, 7]>"
    same = pickle.loads(pickle.dumps(user))  # noqa: S301 - made here
    assert (same, same.username, same.access_roles[0].name) == (user, "marker", "Orders")
