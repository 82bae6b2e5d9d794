"""Plans, reports and search results as HTML for notebooks.

They have no values, since notebooks are often shared.
"""

import html
import typing
from collections.abc import Callable, Sequence

from digicert_contacts._frame import changed_fields
from digicert_contacts._records import FoundContact, PlannedOrder, Records, ReportedOrder
from digicert_contacts._types import printable

_Record = typing.TypeVar("_Record")

# More rows slow a notebook down.
_MAX_ROWS = 50
# The colours of the HTML report of a run, behind white text, since a notebook may be dark or light.
_GOOD, _BAD, _WARN, _MUTED, _ACCENT = "#1a7f4b", "#b3261e", "#8a5a00", "#5b6675", "#1f5fbf"
_BADGE = "color: #fff; padding: 0 .4em; border-radius: .3em; white-space: nowrap"
_COLOURS = {
    "changes": _ACCENT,
    "unread": _ACCENT,
    "changed": _GOOD,
    "verified": _GOOD,
    "verified-by-report": _GOOD,
    "verified-without-answer": _GOOD,
    "unchanged": _MUTED,
    "failed": _BAD,
    "read-failed": _BAD,
    "mismatch": _BAD,
    "blocked": _WARN,
    "conflict": _WARN,
    "skipped": _WARN,
}


def plan(title: str, orders: Records[PlannedOrder]) -> str:
    """Render a plan."""
    header = ("order", "common name", "status", "state", "")
    return _table(
        title, header, orders, lambda order: [*_order(order), _state(order.state), _details(order)]
    )


def report(title: str, orders: Records[ReportedOrder]) -> str:
    """Render a report."""
    header = ("order", "common name", "status", "result", "verification", "")
    return _table(
        title,
        header,
        orders,
        lambda order: [
            *_order(order),
            _state(order.result),
            _state(order.verification),
            _details(order),
        ],
    )


def search(title: str, contacts: Records[FoundContact]) -> str:
    """Render the result of a search."""
    header = ("order", "common name", "status", "product", "contact")
    return _table(
        title,
        header,
        contacts,
        lambda contact: [*_order(contact), _text(contact.product), _text(contact.contact_type)],
    )


def _order(order: PlannedOrder | ReportedOrder | FoundContact) -> list[str]:
    return [str(order.order_id), _text(order.common_name), _text(order.status)]


def _details(order: PlannedOrder | ReportedOrder) -> str:
    if order.failure is not None:
        return _text(order.failure.message)
    return _text(order.blocked or changed_fields(order.changes))


def _state(state: str | None) -> str:
    colour = _COLOURS.get(state or "")
    if colour is None:
        return _text(state)
    style = f"background: {colour}; {_BADGE}"
    return f'<span style="{style}">{_text(state)}</span>'


def _text(text: str | None) -> str:
    return html.escape(printable(text or ""))


def _table(
    title: str,
    header: Sequence[str],
    records: Records[_Record],
    cells: Callable[[_Record], Sequence[str]],
) -> str:
    lines = [f"<p><b>{_text(title)}</b></p>", "<table>", _row("th", header)]
    lines += [_row("td", cells(record)) for record in records[:_MAX_ROWS]]
    lines.append("</table>")
    if len(records) > _MAX_ROWS:
        lines.append(f"<p>and {len(records) - _MAX_ROWS} more</p>")
    return "\n".join(lines)


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"
