"""A broken run in a real browser, and a run beside its prediction."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import faults
from tests.browser.test_quiz import wait_for_a_run_that_decides

LONG = "/demos/long_task?work_seconds=4"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 1100}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def assert_sound(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []


def test_a_run_can_be_broken_by_keyboard_and_the_page_says_so(page: Page, address: str) -> None:
    page.goto(address + LONG)
    page.locator("button[data-run]").press("Enter")
    kill = page.get_by_role("button", name="Kill the web process")
    expect(kill).to_be_visible(timeout=15_000)
    assert_sound(page)
    kill.press("Enter")
    expect(page.locator("#run-says")).to_contain_text("was killed by hand", timeout=15_000)
    expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=20_000)
    expect(page.locator("#run-says")).to_contain_text("Broken by hand: the web process")
    expect(page.locator("#run-figure")).to_contain_text("killed by hand")
    expect(kill).to_have_count(0)
    assert_sound(page)


def test_axe_finds_nothing_in_a_run_beside_its_prediction(page: Page, address: str) -> None:
    page.goto(f"{address}/demos/task_order")
    page.get_by_text("Predict first").click()
    for task in ("task_a", "task_b"):
        page.select_option(f'[name="lane-{task}"]', "worker")
    page.get_by_role("button", name="Lock prediction and run").click()
    wait_for_a_run_that_decides(page)
    expect(page.locator("#run-foretold")).to_contain_text("Your prediction")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    assert_sound(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
