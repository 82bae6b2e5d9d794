"""Generates updates in JSON, valid and invalid in every way, from a seed."""

import json
import random

from reference import AT_ENDS, CONTROL, FIELDS, JOINING, LIMITS, TYPES

NAMES = ["Jane", "O'Neil-Smith, Jr.", "Zoë", "美玲", "Ольга", "נועה", "नरेन्द्र", "👩\u200d💻", "a"]
ADDRESSES = [
    "jane@example.com",
    "a.b+c@x-y.example",
    "jane",
    "@",
    "jane@",
    "@example.com",
    "jane@localhost",
    "jane@-x.com",
    "jane@x-.com",
    "jane@exa mple.com",
    "jane@example..com",
    "jane@[127.0.0.1]",
    "jane@" + "x" * 63 + ".com",
    "jane@" + "x" * 64 + ".com",
    "jäne@example.com",
    "a@b@c.com",
]
OTHER = [None, True, False, 0, 7, 999, 1000, -1, 1.5, 2**63, 2**64, 10**30, [], ["x"], {}, {"a": 1}]
# The characters from U+E0000 on are too many beside the others.
STRANGE = "".join(c for c in AT_ENDS + JOINING + CONTROL if c < "\U000e0080")
STRANGE += "\U000e0041\U000e0fff\U000e0100"
UNKNOWN = ["phone", "e-mail", "telephone_extension", "id", "First Name", "x" * 41, "é", ""]


class Maker:
    """A generator of updates; the same seed gives the same updates."""

    def __init__(self, seed: int) -> None:
        """Start from a seed."""
        self.random = random.Random(seed)  # noqa: S311 - not for secrets

    def chance(self, percent: int) -> bool:
        """Return ``True`` with this probability in percent."""
        return self.random.randrange(100) < percent

    def update(self) -> str:
        """Generate an update."""
        if self.chance(1):
            return json.dumps(self.random.choice(OTHER))
        members: list[str] = []
        if self.chance(70):
            members.append(f'"contacts":{self.contacts()}')
        if not members or self.chance(5):
            for side in self.random.sample(TYPES, self.random.randint(0, 2)):
                kind = side if self.chance(80) else self.random.choice([None, *TYPES])
                members.append(f'"{side}":{self.contact(kind if self.chance(30) else None)}')
        if self.chance(3):
            members.append(self.member(self.random.choice(UNKNOWN), 1))
        return "{" + ",".join(members) + "}"

    def contacts(self) -> str:
        """Generate the value of ``contacts``."""
        if self.chance(2):
            return json.dumps(self.random.choice(OTHER))
        kinds = self.random.sample(TYPES, self.random.randint(1, 2))
        if self.chance(6):
            kinds = [self.random.choice(TYPES) for _ in range(self.random.randint(0, 3))]
        return "[" + ",".join(self.contact(kind) for kind in kinds) + "]"

    def contact(self, kind: str | None) -> str:
        """Generate a contact."""
        if self.chance(1):
            return json.dumps(self.random.choice(OTHER))
        members = [
            self.member(name, self.value(name))
            for name in FIELDS
            if not self.chance(40 if name not in ("first_name", "last_name", "email") else 1)
        ]
        if kind is not None and not self.chance(1):
            value: object = kind
            if self.chance(2):
                value = self.random.choice([*OTHER, "billing_contact", "TECHNICAL_CONTACT", ""])
            members.append(self.member("contact_type", value))
        if self.chance(2):
            members.append(self.member(self.random.choice(UNKNOWN), self.random.choice(OTHER)))
        if self.chance(2):
            name = self.random.choice(FIELDS)
            members.append(self.member(name, self.value(name)))
        if self.chance(10):
            self.random.shuffle(members)
        return "{" + ",".join(members) + "}"

    def member(self, name: str, value: object) -> str:
        """Write a member, sometimes with all possible escapes."""
        return json.dumps({name: value}, ensure_ascii=self.chance(50))[1:-1]

    def value(self, name: str) -> object:
        """Generate the value of a field, usually a valid one."""
        if self.chance(1):
            return self.random.choice(OTHER)
        if name == "language_id":
            return self.random.choice(
                ["1", "42", "999", 1] if self.chance(90) else ["", "en", "1000", "\uff11"]
            )
        if name == "email":
            text = self.random.choice(ADDRESSES[:2] if self.chance(90) else ADDRESSES)
        else:
            text = " ".join(self.random.choices(NAMES, k=self.random.randint(1, 2)))
        if self.chance(2):
            text = text.rjust(LIMITS[name] + self.random.randint(-1, 1), "x")
        if self.chance(4):
            at = self.random.choice([0, len(text), self.random.randint(0, len(text))])
            text = text[:at] + self.random.choice(STRANGE) * self.random.randint(1, 2) + text[at:]
        if self.chance(1):
            text = "".join(self.random.choices(STRANGE, k=self.random.choice([0, 1, 3, 300])))
        return text
