"""The rules of an update, written a second time: from DigiCert's page and the table of rules.

It shares no code with the package, so that a mistake on one side shows. It is slow and plain.
"""

import json
import re

LIMITS = {"first_name": 128, "last_name": 128, "email": 255, "job_title": 64, "telephone": 32}
REQUIRED = ("first_name", "last_name", "email")
FIELDS = (*LIMITS, "language_id")
TYPES = ("organization_contact", "technical_contact")

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
WHITE_SPACE += "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
# DerivedCoreProperties.txt of Unicode 16: Default_Ignorable_Code_Point.
IGNORABLE = "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164"
IGNORABLE += " FE00-FE0F FEFF FFA0 FFF0-FFF8 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
# And our own: the blank braille pattern and the marks of annotations.
IGNORABLE += " 2800 FFF9-FFFB"
WRITING = "034F 180B-180F 200C-200D FE00-FE0F E0100-E01EF"
TAGS = "E0020-E007F"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROL = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])) + "\u2028\u2029\ufffd"


def characters(ranges: str) -> str:
    """Return the characters of ranges in hexadecimal."""
    bounds = [(part.split("-")[0], part.split("-")[-1]) for part in ranges.split()]
    return "".join(chr(c) for low, high in bounds for c in range(int(low, 16), int(high, 16) + 1))


JOINING = characters(WRITING)
INVISIBLE = "".join(c for c in characters(IGNORABLE) if c not in JOINING)
AT_ENDS = WHITE_SPACE + "".join(c for c in INVISIBLE if c not in characters(TAGS))

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@({LABEL}(?:\.{LABEL})*)", re.ASCII)
UNSEEN = {"blank", "control-character", "bidi-control", "invisible-character"}
PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)

Found = set[tuple[str, str]]


class Members(list[tuple[str, object]]):
    """The members of a JSON object, in order, repeated names included."""


def violations(text: str) -> Found:
    """Return the violations of an update in JSON, as (path, code)."""
    update = json.loads(text, object_pairs_hook=Members)
    if not isinstance(update, Members):
        return {("", "wrong-type")}
    found: Found = set()
    entries: list[tuple[str, str | None, object]] = []
    contacts_of_wrong_type = False
    for name, value in update:
        if name == "contacts":
            if isinstance(value, list) and not isinstance(value, Members):
                entries += [(f"contacts[{n}]", None, item) for n, item in enumerate(value)]
            else:
                found.add(("contacts", "wrong-type"))
                contacts_of_wrong_type = True
        elif name in TYPES:
            entries.append((name, name, value))
        else:
            found.add((shown(name), "unknown-field"))
    objects = [entry for entry in entries if isinstance(entry[2], Members)]
    found |= {(path, "wrong-type") for path, _, item in entries if not isinstance(item, Members)}
    if not objects and not contacts_of_wrong_type and not entries:
        found.add(("contacts", "no-contact"))
    seen: set[str] = set()
    for path, side, item in objects:
        assert isinstance(item, Members)
        found |= contact(item, path, side, seen)
    return found


def contact(members: Members, path: str, side: str | None, seen: set[str]) -> Found:
    """Return the violations of one contact; adds its type to ``seen``."""
    found: Found = set()
    values: dict[str, object] = {}
    for name, value in members:
        if name not in FIELDS and name != "contact_type":
            found.add((f"{path}.{shown(name)}", "unknown-field"))
            continue
        if name in values:
            found.add((f"{path}.{name}", "duplicate-field"))
        values[name] = value
    for code in contact_type(values, side, seen):
        found.add((f"{path}.contact_type", code))
    for name in FIELDS:
        if name in values:
            codes = field(name, values[name])
        else:
            codes = {"required"} if name in REQUIRED else set()
        found |= {(f"{path}.{name}", code) for code in codes}
    return found


def contact_type(values: dict[str, object], side: str | None, seen: set[str]) -> set[str]:
    """Return codes for the type; keyed by type, a contact can repeat the same type."""
    if "contact_type" not in values and side is None:
        return {"required"}
    value = values.get("contact_type", side)
    if not isinstance(value, str):
        return {"wrong-type"}
    if value not in TYPES or (side is not None and value != side):
        return {"unknown-contact-type"}
    if value in seen:
        return {"duplicate-contact-type"}
    seen.add(value)
    return set()


def field(name: str, value: object) -> set[str]:
    """Return codes for the value of a field."""
    if name == "language_id":
        return language_id(value)
    if not isinstance(value, str):
        return {"wrong-type"}
    codes = text_codes(value, name)
    if len(value) > LIMITS[name]:
        codes.add("too-long")
    if name == "email" and not codes & UNSEEN:
        match = EMAIL.fullmatch(value.strip(AT_ENDS))
        if match is None:
            codes.add("email-format")
        elif "." not in match[1]:
            codes.add("email-dotless-domain")
    return codes


def text_codes(value: str, name: str = "first_name") -> set[str]:
    """Return codes of the rules for every text."""
    if all(c in WHITE_SPACE + INVISIBLE + JOINING + CONTROL and c != "\ufffd" for c in value):
        return {"blank"}
    inner = value.strip(AT_ENDS)
    codes = set()
    if inner != value:
        codes.add("surrounding-white-space")
    if any(c in CONTROL for c in inner):
        codes.add("control-character")
    if any(c in BIDI for c in inner):
        codes.add("bidi-control")
    unseen = INVISIBLE if name in {"first_name", "last_name", "job_title"} else INVISIBLE + JOINING
    if any(c in unseen and c not in BIDI for c in inner):
        codes.add("invisible-character")
    return codes


def language_id(value: object) -> set[str]:
    """One to three ASCII digits, as a string or as an integer."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64:
        value = str(value)
    if not isinstance(value, str):
        return {"wrong-type"}
    codes = text_codes(value, "language_id")
    inner = value.strip(AT_ENDS) if codes else value
    is_number = re.fullmatch("[0-9]{1,3}", inner)
    return codes if is_number or codes & UNSEEN else codes | {"language-id-format"}


def shown(name: str) -> str:
    """Return an unknown name if it is safe to show."""
    return name if PLAIN_NAME.fullmatch(name) else "(name not shown)"
