"""Accessibility: axe on every page and state, small screens, zoom, forced colours, less motion."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.addresses import pages
from tests.axe import faults
from tests.serving import Server, shared

PACK = "/packs/background-tasks"
CHOICE = f"{PACK}/what-the-client-waits-for"
SLOW = f"{PACK}/two-tasks-total"
EXAMPLES = {
    "pack": "background-tasks",
    "question": "what-the-client-waits-for",
    "topic": "order",
    "demo": "task_order",
}
PAGES = (
    *pages(EXAMPLES),
    f"{PACK}/one-request-in-order",
    f"{PACK}/tasks-at-once",
    f"{PACK}/whose-threads-they-are",
    "/nowhere",
    "/patterns",
)
SCHEMES = ("light", "dark")
# The page of patterns holds parts that otherwise have their own pages.
OF_PATTERNS = ("landmark-unique",)
SMALL = """(controls) => [...document.querySelectorAll(controls)]
  .filter((it) => it.checkVisibility() && it.matches(":not([type=hidden], label *)"))
  .filter((it) => it.tagName !== "SPAN" && !it.closest(".visually-hidden"))
  .map((it) => [it.outerHTML.slice(0, 90), it.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < 24).map(([html]) => html)"""
CONTROLS = "button, .button, .pip, input, select, summary, nav a, .crumb > a, .list__row"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the page of patterns."""
    with shared(tmp_path_factory.mktemp("patterns"), reload=True) as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def assert_sound(page: Page, what: str, *off: str) -> None:
    """Light and dark: colours are all that differs, so the page stays as it is."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{what}, {scheme}: {fault}" for fault in faults(page, *off)]
    assert found == []


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    open_all(page)
    assert_sound(page, path, *(OF_PATTERNS if path == "/patterns" else ()))


def test_axe_finds_nothing_on_scores_and_their_history(page: Page, address: str) -> None:
    for _ in range(2):
        page.goto(address + CHOICE)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.locator(".verdict").wait_for()
    page.goto(f"{address}/progress")
    assert page.locator("[data-kind=practice]").count() == 1
    assert_sound(page, "/progress")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_sound(page, "/progress on a phone")


def test_axe_finds_nothing_during_and_after_a_run(page: Page, address: str) -> None:
    page.goto(address + SLOW)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#run-state")).to_contain_text("Running.", timeout=15_000)
    assert_sound(page, "running")
    expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=20_000)
    open_all(page)
    assert_sound(page, "finished")
    page.locator("a.span").first.click()
    assert_sound(page, "a span chosen")


def test_axe_finds_nothing_in_runs_side_by_side(page: Page, address: str) -> None:
    page.goto(f"{address}/demos/enqueue_latency")
    page.get_by_role("button", name="side by side").click()
    expect(page.locator("figure")).to_have_count(3, timeout=45_000)
    open_all(page)
    assert_sound(page, "side by side")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_nothing_when_all_is_answered(page: Page, address: str) -> None:
    """Answers every question right, wrong or shown, then checks the pages about them."""
    for path, key in ((CHOICE, "1"), (SLOW, "3"), (f"{PACK}/one-request-in-order", "")):
        page.goto(address + path)
        if key:
            page.keyboard.press(key)
            page.keyboard.press("Enter")
        else:
            page.get_by_role("button", name="Just show me").click()
        expect(page.locator("#verdict")).to_be_focused()
        assert_sound(page, path)
    for path in ("/", PACK, "/progress", "/topics/background-tasks/order/done", CHOICE):
        page.goto(address + path)
        open_all(page)
        assert_sound(page, path)


def test_axe_finds_nothing_in_refused_forms(page: Page, address: str) -> None:
    page.goto(address + CHOICE)
    page.keyboard.press("Enter")
    expect(page.locator("#answer-error")).to_be_focused()
    assert_sound(page, "no answer")
    page.goto(f"{address}/demos/task_order")
    page.locator("#knobs").evaluate("form => { form.noValidate = true }")
    page.locator("#knobs input[type=number]").first.fill("99")
    page.get_by_role("button", name="Just show me").click()
    expect(page.locator("#knobs .error")).to_be_focused()
    assert_sound(page, "a value out of bounds")


def test_axe_finds_nothing_in_the_list_of_keys(page: Page, address: str) -> None:
    page.goto(address + CHOICE)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_sound(page, "keys")


@pytest.mark.parametrize("path", [CHOICE, SLOW, f"{PACK}/one-request-in-order", "/"])
def test_every_page_has_one_live_region(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    live = page.locator("[aria-live], [role=status], [role=alert], [role=log], output")
    expect(live).to_have_count(1)
    region = live.element_handle()
    if path in (CHOICE, SLOW):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        expect(page.locator("#status")).not_to_be_empty(timeout=15_000)
    expect(live).to_have_count(1)
    assert region.evaluate("(it) => it === document.getElementById('status')")


def test_options_are_radios_and_checkboxes_in_a_labelled_group(page: Page, address: str) -> None:
    page.goto(address + CHOICE)
    expect(page.get_by_role("group", name="Choose one").get_by_role("radio")).not_to_have_count(0)
    page.goto(f"{address}/patterns")
    groups = page.locator("fieldset:has(legend:text-is('Choose all that apply'))")
    assert all(group.get_by_role("radio").count() == 0 for group in groups.all())


def sized(browser: Browser, width: int, **more: Any) -> BrowserContext:
    return browser.new_context(viewport={"width": width, "height": 844}, **more)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_and_targets_have_24_pixels(
    browser: Browser, address: str, path: str
) -> None:
    """720 pixels are also what a window of 1440 has left at 200 %."""
    context = sized(browser, 390)
    page = context.new_page()
    page.goto(address + path)
    open_all(page)
    for width in (390, 720, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        assert page.evaluate(SMALL, CONTROLS) == [], width
    context.close()


def test_no_page_scrolls_sideways_with_text_twice_as_large(browser: Browser, address: str) -> None:
    context = sized(browser, 1280)
    page = context.new_page()
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
    context.close()


def test_in_forced_colours_every_control_has_a_border(browser: Browser, address: str) -> None:
    context = sized(browser, 1440, forced_colors="active")
    page = context.new_page()
    page.goto(f"{address}/patterns")
    edgeless = page.evaluate(
        """() => [...document.querySelectorAll(".button, .choice, .input, .pick label, .pip")]
        .filter((it) => it.checkVisibility())
        .filter((it) => { const style = getComputedStyle(it);
          return style.borderStyle === "none" || style.borderWidth === "0px"
            || style.borderColor === style.backgroundColor; })
        .map((it) => it.outerHTML.slice(0, 90))"""
    )
    assert edgeless == []
    # Text, bars and rule are drawn in the system's colours, not in what stands behind them.
    drawn = page.evaluate(
        """() => ["text", ".frame", ".rule"].map((part) => {
          const style = getComputedStyle(document.querySelector(`.timeline__picture ${part}`));
          return part === "text" ? style.fill : style.stroke; })"""
    )
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert behind not in drawn
    context.close()


def test_with_less_motion_nothing_moves(browser: Browser, address: str) -> None:
    moving = {}
    for wish in ("no-preference", "reduce"):
        context = browser.new_context(reduced_motion=wish)
        page = context.new_page()
        page.goto(f"{address}/patterns")
        moving[wish] = page.evaluate("document.getAnimations().length")
        context.close()
    assert moving["no-preference"] > 0
    assert moving["reduce"] == 0
