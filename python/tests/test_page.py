"""The sandbox's page in a real browser.

Only `make test-page` has one, and says in CHROMIUM where. Screenshots go to target/page.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contrast import LOW_CONTRAST

from digicert_contacts import Client, Contact, OrderNotFoundError
from digicert_contacts.testing import Sandbox

CHROMIUM = os.environ.get("CHROMIUM", "")
SCREENSHOTS = Path(__file__).parents[2] / "target" / "page"
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="a browser is for `make test-page`")

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 400, "height": 844}


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Any, sandbox: Sandbox, **settings: Any) -> tuple[Any, list[str]]:  # noqa: ANN401
    """Open the page; the list collects the errors of the browser."""
    page = browser.new_page(**settings)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(sandbox.base_url.removesuffix("services/v2"))
    page.wait_for_selector("body[data-ready]")
    return page, complaints


def test_changes_show_as_they_happen(browser: Any) -> None:  # noqa: ANN401
    with Sandbox(orders=500, seed=7) as sandbox:
        page, complaints = opened(browser, sandbox, viewport=DESKTOP)
        assert "500: " in page.inner_text("#figures")
        assert page.inner_text("#changes") == "No changes yet."
        jane = Contact("<b>Jane</b>", "Doe", "jane.doe@example.com")
        with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
            for order in range(100000001, 100000009):
                client.update_contacts(order, technical=jane)
        page.locator("#changes > li").nth(7).wait_for()
        first = page.inner_text("#changes > li:first-child")
        assert "order 100000008" in first
        assert "<b>Jane</b>" in first, "values are text, never HTML"
        assert page.locator("#changes b").count() == 0
        assert complaints == []


def test_the_windows_are_two_gauges(browser: Any) -> None:  # noqa: ANN401
    with Sandbox(manual_clock=True) as sandbox:
        with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
            for _ in range(95):
                client.order(100000001)
        page, complaints = opened(browser, sandbox, viewport=DESKTOP, color_scheme="dark")
        meters = page.locator("#gauges meter")
        assert [meters.nth(at).get_attribute("aria-label") for at in range(meters.count())] == [
            "95 of 100 requests in 5 seconds",
            "95 of 1000 requests in 180 seconds",
        ]
        assert "95 of 100" in page.inner_text("#gauges")
        assert "95 of 1000" in page.inner_text("#gauges")
        sandbox.advance(5)
        page.wait_for_selector("meter[aria-label='0 of 100 requests in 5 seconds']")
        assert complaints == []


def test_nothing_is_cut_off_on_a_phone(browser: Any) -> None:  # noqa: ANN401
    with Sandbox() as sandbox:
        long = Contact("J" * 128, "D" * 128, "j" * 60 + "@" + "d" * 60 + ".example")
        with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
            client.update_contacts(100000001, technical=long)
            client.update_contacts(
                100000005, technical=Contact("Jane", "Doe", "jane.doe@example.com")
            )
        page, complaints = opened(browser, sandbox, viewport=PHONE, is_mobile=True)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
        assert complaints == []


def test_an_order_is_found(browser: Any) -> None:  # noqa: ANN401
    with Sandbox() as sandbox:
        jane = Contact("Jane", "Doe", "jane.doe@example.com")
        with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
            client.update_contacts(100000005, technical=jane)
        page, complaints = opened(browser, sandbox, viewport=DESKTOP)
        page.fill("#order-id", "100000001")
        page.click("#find button")
        page.get_by_role("heading", name="order 100000001").wait_for()
        assert "robin.leaver@example.com" in page.inner_text("#order")
        page.locator("#changes .link").focus()
        page.wait_for_timeout(1500)
        page.keyboard.press("Enter")  # the focus stays while the page is updated
        page.get_by_role("heading", name="order 100000005").wait_for()
        assert "jane.doe@example.com" in page.inner_text("#order")
        assert complaints == []
        page.fill("#order-id", "7")
        page.press("#order-id", "Enter")
        page.get_by_text("The order does not exist in this account.").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_all_text_can_be_read(
    browser: Any,  # noqa: ANN401
    name: str,
    size: dict[str, int],
    scheme: str,
) -> None:
    with Sandbox() as sandbox:
        jane = Contact("Jane", "Doe", "jane.doe@example.com")
        sandbox.add_fault("close", next=1)
        with Client(sandbox.api_key, base_url=sandbox.base_url) as client:
            for order in (100000001, 100000005):
                client.update_contacts(order, technical=jane)
            with pytest.raises(OrderNotFoundError):
                client.order(7)
        page, _ = opened(browser, sandbox, viewport=size, color_scheme=scheme)
        page.fill("#order-id", "100000001")
        page.click("#find button")
        page.get_by_role("heading", name="order 100000001").wait_for()
        refusal = "not_found|order: The order does not exist in this account."
        assert refusal in page.inner_text("#requests")
        assert page.evaluate(LOW_CONTRAST) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}.png", full_page=True)


def test_the_page_reports_a_stopped_sandbox(browser: Any) -> None:  # noqa: ANN401
    with Sandbox() as sandbox:
        page, _ = opened(browser, sandbox, viewport=DESKTOP)
        assert page.locator("#disconnected").is_hidden()
        sandbox.stop()
        page.wait_for_selector("#disconnected:not([hidden])")
        assert page.locator("#disconnected").is_visible()
