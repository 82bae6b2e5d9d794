"""Updates with two contacts, the same in each run: valid ones, and some with a violation."""

import random

FIRST = ["John", "Jane", "Maria", "Peter", "Aisha", "Liam", "Zoë", "Ольга", "美玲"]
LAST = ["Doe", "Smith", "Garcia", "Johnson", "Novak", "Kim", "Müller", "Смирнова", "陳"]
TITLES = ["SRE", "Platform Engineer", "Head of IT", "Security Analyst"]
TYPES = ["organization_contact", "technical_contact"]


def contact(pick: random.Random, kind: str) -> dict[str, str]:
    """Return a valid contact."""
    first, last = pick.choice(FIRST), pick.choice(LAST)
    return {
        "first_name": first,
        "last_name": last,
        "email": f"person{pick.randrange(10000)}@mail.example.com",
        "job_title": pick.choice(TITLES),
        "telephone": f"+1 555 {pick.randrange(10000):04}",
        "language_id": "1",
        "contact_type": kind,
    }


def right(count: int) -> list[dict[str, list[dict[str, str]]]]:
    """Return ``count`` valid updates."""
    pick = random.Random(1)
    return [{"contacts": [contact(pick, kind) for kind in TYPES]} for _ in range(count)]


def mixed(count: int) -> list[dict[str, list[dict[str, str]]]]:
    """Return ``count`` updates, three of ten with a violation."""
    pick = random.Random(2)
    updates = right(count)
    for index, update in enumerate(updates):
        if index % 10 < 3:
            spoil(pick, update["contacts"][1])
    return updates


def spoil(pick: random.Random, contact: dict[str, str]) -> None:
    """Violate one rule that every candidate checks."""
    match pick.randrange(4):
        case 0:
            contact["email"] = "no-address"
        case 1:
            del contact["last_name"]
        case 2:
            contact["job_title"] = "x" * 65
        case _:
            contact["contact_type"] = TYPES[0]
