"""What users see of plans and runs: progress bars and notebooks."""

import re
from typing import get_args, get_type_hints

import pytest

from digicert_contacts import (
    Client,
    Failure,
    FoundContact,
    OrderContact,
    PlannedOrder,
    Records,
    ReportedOrder,
    _html,
)

MARKER = {"first_name": "Marker", "last_name": "<b>Doe", "email": "marker@example.com"}
ORDERS = [100000001, 100000002, 7]
ROWS = [{"order_id": order, "technical_contact": MARKER} for order in ORDERS]


def test_a_notebook_shows_what_changes_and_no_values(client: Client) -> None:
    plan = client.plan(ROWS)
    shown = plan._repr_html_()
    assert "<b>Plan: 3 orders: 2 changes, 1 read failed</b>" in shown
    assert "<td>technical_contact: first_name, last_name, email</td>" in shown
    assert "the server answered 404: not_found|order: " in shown
    assert "marker" not in shown.lower()
    report = plan.apply(journal=None)
    shown = report._repr_html_()
    assert "<b>Report: 3 orders: 1 read failed, 2 changed, 2 verified</b>" in shown
    assert re.search(
        r"<td><span [^>]+>changed</span></td><td><span [^>]+>verified</span></td>", shown
    )
    assert "marker" not in shown.lower()


def test_a_notebook_shows_the_orders_that_were_found_and_no_values(client: Client) -> None:
    shown = client.find("robin.leaver@example.com")._repr_html_()
    assert "<b>SearchResult: 11 contacts of 10 orders</b>" in shown
    assert (
        "<td>100000003</td><td>blog.example.com</td><td>issued</td><td>GeoTrust DV SSL</td>"
        "<td>technical_contact</td>" in shown
    )
    assert "robin" not in shown.lower()


def test_a_state_can_be_read_on_a_dark_and_a_light_background(client: Client) -> None:
    shown = client.plan(ROWS)._repr_html_()
    styles = re.findall(r'<span style="([^"]+)">(changes|read-failed)</span>', shown)
    colours = {state: style.split(";")[:2] for style, state in styles}
    assert colours == {
        "changes": ["background: #1f5fbf", " color: #fff"],
        "read-failed": ["background: #b3261e", " color: #fff"],
    }


def test_every_state_and_result_has_a_colour(client: Client) -> None:
    plan = client.plan(ROWS[:1])
    for state in get_args(get_type_hints(PlannedOrder)["state"]):
        order = plan.orders[0]._replace(state=state)
        assert f">{state}</span>" in _html.plan("", Records((order,)))
    report = plan.apply(journal=None)
    for result in get_args(get_type_hints(ReportedOrder)["result"]):
        reported = report.orders[0]._replace(result=result)
        assert f">{result}</span>" in _html.report("", Records((reported,)))


def test_text_of_a_server_is_escaped() -> None:
    order = PlannedOrder(
        order_id=7,
        common_name="<img>\u202e\x1b",
        status='"',
        lines=(1,),
        state="read-failed",
        changes=(),
        blocked=None,
        failure=Failure("other", "rejected", (), "<script>&"),
    )
    shown = _html.plan("<b>", Records((order,)))
    assert "<td>&lt;img&gt;\ufffd\ufffd</td><td>&quot;</td><td>" in shown
    assert "<td>&lt;script&gt;&amp;</td>" in shown
    assert "<p><b>&lt;b&gt;</b></p>" in shown
    contact = FoundContact(7, "<b>", OrderContact.from_json("{}"), "<i>", None, "<u>")
    shown = _html.search("", Records((contact,)))
    assert "<td>7</td><td>&lt;i&gt;</td><td></td><td>&lt;u&gt;</td><td>&lt;b&gt;</td>" in shown


def test_a_notebook_shows_the_first_orders(client: Client) -> None:
    rows = [{"order_id": order, "technical_contact": MARKER} for order in range(8, 68)]
    plan = client.plan([*ROWS[:1], *rows])
    shown = plan._repr_html_()
    assert shown.count("<tr>") == 51
    assert shown.endswith("<p>and 11 more</p>")


@pytest.mark.parametrize("package", ["tqdm", "rich"])
def test_a_bar_counts_the_orders(
    package: str, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(package)
    plan = client.plan(ROWS, progress=package)  # type: ignore[arg-type]
    plan.apply(journal=None, progress=package)  # type: ignore[arg-type]
    captured = capsys.readouterr()
    output = captured.out + captured.err
    assert "reading orders" in output
    assert "100%" in output
    assert "changing orders" in output


def test_an_invalid_progress_option_is_a_type_error(client: Client) -> None:
    with pytest.raises(TypeError, match="progress must be a callable, 'tqdm' or 'rich'"):
        client.plan(ROWS, progress="bar")  # type: ignore[arg-type]
