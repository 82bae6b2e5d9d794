"""Read a file of contacts as a careful script would: csv, pydantic, grouped by order."""

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints, TypeAdapter

LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
# The HTML standard's expression for <input type=email>.
EMAIL = rf"^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})*$"

Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class Row(BaseModel):
    """A contact on an order."""

    order_id: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}$")]
    contact_type: Literal["technical_contact", "organization_contact"]
    first_name: Name
    last_name: Name
    email: Annotated[str, StringConstraints(max_length=255, pattern=EMAIL)]
    job_title: Annotated[str, StringConstraints(max_length=64)]
    telephone: Annotated[str, StringConstraints(max_length=32)]
    language_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,3}$")]


def main() -> None:
    """Print the number of orders and contacts in the file."""
    validate = TypeAdapter(Row).validate_python
    orders: dict[str, dict[str, Row]] = defaultdict(dict)
    contacts = 0
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            row = validate(line)
            if row.contact_type in orders[row.order_id]:
                sys.exit("an order has two contacts of one type")
            orders[row.order_id][row.contact_type] = row
            contacts += 1
    print(f"{len(orders)} orders, {contacts} contacts")


if __name__ == "__main__":
    main()
