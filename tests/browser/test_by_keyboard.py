"""A whole topic, from the first page to its end, by keyboard only."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

# Enter goes on from a verdict only after this, so that a double press skips nothing.
GUARD_MS = 500
# Which of the form's fields has the focus; -1 if none.
FIELD_IN_FOCUS = (
    "[...document.querySelectorAll('#answer input[type=text]')].indexOf(document.activeElement)"
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.timeout(180)
def test_a_whole_topic_can_be_answered_by_keyboard_only(page: Page, address: str) -> None:
    page.goto(address)
    go(page, "Start: question 1")
    for _ in range(10):
        answer(page)
        expect(page.locator("#verdict")).to_be_focused(timeout=10_000)
        until = now_ms(page) + GUARD_MS
        while now_ms(page) <= until:
            pass
        before = page.url
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(before)
        if page.url.endswith("/done"):
            break
    expect(page.locator("#main")).to_contain_text("First try")
    expect(page.get_by_role("heading", name="In the interview")).to_be_visible()


def now_ms(page: Page) -> float:
    return float(page.evaluate("performance.now()"))


def go(page: Page, name: str) -> None:
    """To a link with Tab, and through it with Enter."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not lead to {name!r}.")


def answer(page: Page) -> None:
    """Whatever the kind of question is: fields to type in, the order as it is, or a digit."""
    expect(page.locator("#answer")).to_be_visible()
    fields = page.locator("#answer input[type=text]").count()
    for field in range(fields):
        while page.evaluate(FIELD_IN_FOCUS) != field:
            page.keyboard.press("Tab")
        page.keyboard.type("3")
    if not fields and not page.locator("[data-ordering]").count():
        page.keyboard.press("1")
    page.keyboard.press("Enter")
