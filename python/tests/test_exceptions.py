"""Exceptions keep their attributes across processes."""

import pickle

import pytest

import digicert_contacts
from digicert_contacts import (
    ApiError,
    DigicertContactsError,
    RequestError,
    ValidationError,
    Violation,
)

CLASSES = [
    value
    for value in (getattr(digicert_contacts, name) for name in dir(digicert_contacts))
    if isinstance(value, type) and issubclass(value, Exception)
]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_exception_is_in_one_tree_and_documented(cls: type[Exception]) -> None:
    assert issubclass(cls, DigicertContactsError)
    assert cls.__doc__


@pytest.mark.parametrize(
    "error",
    [
        RequestError(
            "m", status_code=404, errors=(ApiError("not_found|order", "x"),), outcome="rejected"
        ),
        ValidationError("m", violations=(Violation("email", "too-long", "x"),)),
    ],
    ids=["request", "validation"],
)
def test_an_exception_pickles_with_its_attributes(error: DigicertContactsError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))
