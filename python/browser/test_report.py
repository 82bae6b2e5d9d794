"""The report of a run of 50,000 orders in a real browser: it works, and nothing leaves or enters.

`make test-report` runs it; it needs Chromium (`apt-get install chromium`). Its screenshots are in
`target/screenshots`.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import journal
import pytest
from contrast import LOW_CONTRAST
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "target/release/digicert-contacts"
SCREENSHOTS = ROOT / "target/screenshots"
ORDERS = 50_000
BLOCKED = ORDERS // 10
DESKTOP, PHONE = (1280, 900), (400, 844)


def write_report(folder: Path, orders: int) -> Path:
    journal.write(folder / "run.jsonl", orders)
    command = [PROGRAM, "report", folder / "run.jsonl", "-o", folder / "report.html"]
    subprocess.run(command, check=True)
    return folder / "report.html"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(tmp_path_factory.mktemp("report"), ORDERS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.fail("no chromium; set CHROMIUM to where it is")
    with sync_playwright() as playwright:
        # Without a sandbox of its own, since containers seldom let it have one.
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """Open the page, which must not log, send a request or open a dialog until the end."""
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda request: complaints.append(request.url))
    page.goto(report.as_uri())
    assert complaints == [report.as_uri()], "the page itself is all that is asked for"
    complaints.clear()
    yield page
    assert complaints == []
    context.close()


def shown(page: Page) -> str:
    return page.locator("#shown").inner_text()


def rows(page: Page) -> list[str]:
    return page.locator("#orders tbody td.order").all_inner_texts()


def test_the_summary_shows_the_results(page: Page) -> None:
    counts = page.locator(".counts li").all_inner_texts()
    assert sum(int(text.split()[0]) for text in counts) == ORDERS
    assert [text.split("\n")[1] for text in counts] == ["failed", "unknown", "blocked", "changed"]
    assert {"1\nunknown", f"{BLOCKED}\nblocked"} <= set(counts)
    assert shown(page) == f"1 to 50 of {ORDERS}"
    assert set(page.locator("#orders td.result").all_inner_texts()) == {"failed"}, "failures first"


def test_a_result_has_one_color_in_the_summary_the_chart_and_the_table(page: Page) -> None:
    color = "element => getComputedStyle(element)"
    for result in ("failed", "changed"):
        page.select_option("#result", result)
        colors = {
            page.locator(f".counts .{result} b").evaluate(f"{color}.color"),
            page.locator(f".legend .{result}").evaluate(f"{color}.color"),
            page.locator(f"svg path.{result}").evaluate(f"{color}.stroke"),
            page.locator(f"#orders td.{result}").first.evaluate(f"{color}.color"),
        }
        assert len(colors) == 1, colors


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_domain_breaks_after_a_dot_only(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.fill("#search", journal.LONG_NAME)
    cell = page.locator("#orders td.name").first
    assert cell.locator("> span").text_content() == journal.LONG_NAME
    heights = cell.locator(".part").evaluate_all("(parts) => parts.map((p) => p.clientHeight)")
    assert len(heights) == journal.LONG_NAME.count(".") + 1
    assert max(heights) < 30, "each part is on one line"


def test_search_and_filter_find_orders_at_once(page: Page) -> None:
    start = time.monotonic()
    page.fill("#search", "HOST-00041 ines")
    assert shown(page) == "1 to 1 of 1"
    assert rows(page) == ["100000042"]
    page.fill("#search", "no such order")
    assert (shown(page), rows(page)) == ("no order found", [])
    page.fill("#search", "")
    page.select_option("#result", "blocked")
    assert shown(page) == f"1 to 50 of {BLOCKED}"
    assert "a DV order can't have an organization contact" in page.inner_text("#orders tbody")
    assert time.monotonic() - start < 10


def test_columns_sort_both_ways_and_pages_change(page: Page) -> None:
    head = page.locator("#orders thead th").first
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert rows(page)[0] == "100000001"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert rows(page)[0] == str(100_000_000 + ORDERS)
    page.click("#next")
    assert shown(page) == f"51 to 100 of {ORDERS}"
    assert rows(page)[0] == str(100_000_000 + ORDERS - 50)
    page.click("#previous")
    assert page.locator("#previous").is_disabled()


def test_values_are_text_and_no_other_script_runs(page: Page) -> None:
    page.fill("#search", "onerror")
    assert rows(page) == ["100000001"]
    assert journal.HOSTILE in page.inner_text("#orders tbody")
    assert page.locator("img").count() == 0


def test_the_policy_blocks_injected_content(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text))
    page.goto(report.as_uri())
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        document.body.append(Object.assign(new Image(), { src: 'https://example.com/x' }));
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert len(blocked) == 2
    assert all("Content Security Policy" in text for text in blocked)
    page.close()


def test_printing_prints_what_was_found(page: Page) -> None:
    page.fill("#search", "failed")
    found = int(shown(page).split()[-1])
    assert found > 1000
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert len(rows(page)) == found
    page.emulate_media(media="print")
    assert not page.locator("#search").is_visible()
    assert not page.locator("#next").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(rows(page)) == 50


def test_the_head_of_the_table_is_on_each_printed_page(page: Page) -> None:
    page.fill("#search", "failed")
    page.emulate_media(media="print")
    # Chromium repeats a head that has no button. What it repeats is not in the document.
    assert not page.locator("#orders thead button").first.is_visible()
    content = "(head) => getComputedStyle(head, '::before').content"
    heads = page.locator("#orders thead th").evaluate_all(f"(all) => all.map({content})")
    assert heads[:3] == ['"Order"', '"Common name"', '"Result"']


def test_a_small_run_has_no_chart(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(write_report(tmp_path, 10).as_uri())
    assert page.locator("svg").count() == 0
    assert page.locator("h2").all_inner_texts() == ["Results", "Run", "Planned contacts", "Orders"]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_nothing_is_too_wide_or_too_pale(
    page: Page, name: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(LOW_CONTRAST) == []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"report-{name}-{scheme}.png", full_page=True)
