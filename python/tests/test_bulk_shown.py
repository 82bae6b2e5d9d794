"""What users see of plans and runs: progress bars and notebooks."""

import pytest

from digicert_contacts import Client, Failure, PlannedOrder, Records, _html

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
    assert "<td>changed</td><td>verified</td>" in shown
    assert "marker" not in shown.lower()


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
    assert (
        "<td>&lt;img&gt;\ufffd\ufffd</td><td>&quot;</td><td>read-failed</td><td>&lt;script&gt;&amp;"
        in shown
    )
    assert "<p><b>&lt;b&gt;</b></p>" in shown


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
