"""Plans and reports in a notebook. A notebook is passed on, so no contact's values are shown."""

import html
from collections.abc import Iterable, Sequence

from digicert_contacts._results import FieldChange, OrderResult, PlannedOrder, Records

# More rows make a notebook slow, and nobody reads them.
_MOST = 50


def plan(title: str, orders: Records[PlannedOrder]) -> str:
    """Show what would change."""
    shown = orders[:_MOST]
    rows = [(*_head(order), order.state, _what(order)) for order in shown]
    return _table(title, ("order", "common name", "status", "state", ""), rows, len(orders))


def report(title: str, orders: Records[OrderResult]) -> str:
    """Show what became of the orders."""
    shown = orders[:_MOST]
    rows = [(*_head(order), order.result, order.verification or "", _what(order)) for order in shown]
    head = ("order", "common name", "status", "result", "read back", "")
    return _table(title, head, rows, len(orders))


def _head(order: PlannedOrder | OrderResult) -> tuple[str, str, str]:
    return (str(order.order_id), order.common_name or "", order.status or "")


def _what(order: PlannedOrder | OrderResult) -> str:
    if order.failure is not None:
        return order.failure.message
    if order.blocked is not None:
        return order.blocked
    return "; ".join(_named(order.changes))


def _named(changes: Sequence[FieldChange]) -> Iterable[str]:
    fields: dict[str, list[str]] = {}
    for change in changes:
        if change.state in ("changes", "not-readable"):
            fields.setdefault(change.contact_type, []).append(change.field)
    return (f"{kind}: {', '.join(names)}" for kind, names in fields.items())


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], count: int) -> str:
    lines = [f"<p><b>{html.escape(title)}</b></p>", "<table>", _row("th", head)]
    lines += [_row("td", row) for row in rows]
    lines.append("</table>")
    if count > len(rows):
        lines.append(f"<p>and {count - len(rows)} more</p>")
    return "\n".join(lines)


def _row(cell: str, texts: Sequence[str]) -> str:
    cells = (f"<{cell}>{html.escape(_printable(text))}</{cell}>" for text in texts)
    return f"<tr>{''.join(cells)}</tr>"


def _printable(text: str) -> str:
    """Replace what could mislead a reader: controls, also those of the direction of writing."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
