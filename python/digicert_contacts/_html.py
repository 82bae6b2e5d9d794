"""Plans and reports as HTML for notebooks, without values, since notebooks are often shared."""

import html
from collections.abc import Sequence

from digicert_contacts._records import PlannedOrder, Records, ReportedOrder
from digicert_contacts._types import printable

# More rows slow a notebook down.
_MAX_ROWS = 50


def plan(title: str, orders: Records[PlannedOrder]) -> str:
    """Render a plan."""
    rows = [(*_order(order), order.state, _details(order)) for order in orders[:_MAX_ROWS]]
    return _table(title, ("order", "common name", "status", "state", ""), rows, len(orders))


def report(title: str, orders: Records[ReportedOrder]) -> str:
    """Render a report."""
    rows = [
        (*_order(order), order.result, order.verification or "", _details(order))
        for order in orders[:_MAX_ROWS]
    ]
    header = ("order", "common name", "status", "result", "verification", "")
    return _table(title, header, rows, len(orders))


def _order(order: PlannedOrder | ReportedOrder) -> tuple[str, str, str]:
    return (str(order.order_id), order.common_name or "", order.status or "")


def _details(order: PlannedOrder | ReportedOrder) -> str:
    if order.failure is not None:
        return order.failure.message
    if order.blocked is not None:
        return order.blocked
    fields: dict[str, list[str]] = {}
    for change in order.changes:
        if change.state in ("changes", "not-readable"):
            fields.setdefault(change.contact_type, []).append(change.field)
    return "; ".join(f"{contact_type}: {', '.join(f)}" for contact_type, f in fields.items())


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], total: int) -> str:
    lines = [f"<p><b>{html.escape(title)}</b></p>", "<table>", _row("th", header)]
    lines += [_row("td", row) for row in rows]
    lines.append("</table>")
    if total > len(rows):
        lines.append(f"<p>and {total - len(rows)} more</p>")
    return "\n".join(lines)


def _row(tag: str, texts: Sequence[str]) -> str:
    cells = (f"<{tag}>{html.escape(printable(text))}</{tag}>" for text in texts)
    return f"<tr>{''.join(cells)}</tr>"
