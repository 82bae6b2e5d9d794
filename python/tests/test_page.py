"""The sandbox's page in a real browser.

Only `make test-page` has one, and says in CHROMIUM where. Screenshots go to target/page.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digicert_contacts import Client, Contact
from digicert_contacts.testing import Sandbox

CHROMIUM = os.environ.get("CHROMIUM", "")
SCREENSHOTS = Path(__file__).parents[2] / "target" / "page"
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="a browser is for `make test-page`")

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


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
        page.screenshot(path=SCREENSHOTS / "desktop.png", full_page=True)
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
        page.screenshot(path=SCREENSHOTS / "dark.png", full_page=False)
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
        page.screenshot(path=SCREENSHOTS / "phone.png", full_page=True)
        assert complaints == []


def test_the_page_reports_a_stopped_sandbox(browser: Any) -> None:  # noqa: ANN401
    with Sandbox() as sandbox:
        page, _ = opened(browser, sandbox, viewport=DESKTOP)
        assert page.locator("#disconnected").is_hidden()
        sandbox.stop()
        page.wait_for_selector("#disconnected:not([hidden])")
        assert page.locator("#disconnected").is_visible()
