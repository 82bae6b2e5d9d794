"""The package matches an independent reference: the same result, the same violations."""

import collections

import reference
import updates
from digicert_contacts import ContactsUpdate, ValidationError

COUNT = 100_000
CODES = {
    "blank",
    "bidi-control",
    "control-character",
    "duplicate-contact-type",
    "duplicate-field",
    "email-dotless-domain",
    "email-format",
    "invisible-character",
    "language-id-format",
    "no-contact",
    "required",
    "surrounding-white-space",
    "too-long",
    "unknown-contact-type",
    "unknown-field",
    "wrong-type",
}


def violations(text: str) -> list[tuple[str, str]]:
    try:
        ContactsUpdate.from_json(text)
    except ValidationError as error:
        return [(v.path, v.code) for v in error.violations] or [("", "not JSON")]
    return []


def test_a_hundred_thousand_updates_match_the_reference() -> None:
    maker = updates.Maker(seed=20261124)
    seen: collections.Counter[str] = collections.Counter()
    for _ in range(COUNT):
        text = maker.update()
        expected = reference.violations(text)
        assert set(violations(text)) == expected, text
        seen.update({code for _, code in expected} or {"valid"})
    assert seen.keys() == CODES | {"valid"}, "every rule was met"
    assert min(seen.values()) > 100, seen
    assert COUNT * 0.3 < seen["valid"] < COUNT * 0.7
