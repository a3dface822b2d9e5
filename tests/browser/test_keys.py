"""The keyboard shortcuts: what they do, and where they must do nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

ASKED = "/packs/background-tasks/what-the-client-waits-for"
DEMO = "/demos/after_response"
CHECKED = "input[name=answer]:checked"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def answer(page: Page, address: str) -> None:
    page.goto(address + ASKED)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()


def wait_until_calm(page: Page) -> None:
    """Half a second by the page's own clock: what the keys themselves wait for."""
    page.evaluate("new Promise((passed) => setTimeout(passed, 510))")


def stays(page: Page) -> bool:
    """Whether what was pressed has led nowhere: a page that is left answers to nothing more."""
    page.evaluate("new Promise((passed) => setTimeout(passed, 100))")
    return "/attempts/" in page.url


def test_a_digit_chooses_an_option_and_another_digit_changes_it(page: Page, address: str) -> None:
    page.goto(address + ASKED)
    for digit in ("2", "1"):
        page.keyboard.press(digit)
        expect(page.locator(CHECKED)).to_have_count(1)
        assert page.locator("input[name=answer]").nth(int(digit) - 1).is_checked()


def test_enter_continues_from_the_verdict_after_a_pause(page: Page, address: str) -> None:
    answer(page, address)
    page.keyboard.press("Enter")
    assert stays(page)
    wait_until_calm(page)
    page.keyboard.press("Enter")
    expect(page.locator("form[data-answer]")).to_be_visible()
    assert not page.url.endswith(ASKED)


def test_enter_on_the_next_link_needs_the_same_pause(page: Page, address: str) -> None:
    answer(page, address)
    page.locator("[data-next]").focus()
    page.keyboard.press("Enter")
    assert stays(page)
    wait_until_calm(page)
    page.keyboard.press("Enter")
    expect(page.locator("form[data-answer]")).to_be_visible()


def test_enter_elsewhere_does_not_continue(page: Page, address: str) -> None:
    answer(page, address)
    wait_until_calm(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Enter")
    assert stays(page)


def test_a_held_enter_does_not_continue(page: Page, address: str) -> None:
    answer(page, address)
    wait_until_calm(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.down("Enter")
    for where in ("#verdict", "[data-next]"):
        page.locator(where).focus()
        page.keyboard.down("Enter")
        assert stays(page), where
    page.keyboard.up("Enter")


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_a_digit_with_a_modifier_is_left_to_the_browser(
    page: Page, address: str, modifier: str
) -> None:
    page.goto(address + ASKED)
    page.keyboard.press(f"{modifier}+1")
    page.keyboard.press("a")
    expect(page.locator(CHECKED)).to_have_count(0)


@pytest.mark.parametrize("where", ["header a.mark", "[data-keys-list]", "form .quiet", ".crumb a"])
def test_on_a_link_or_a_button_a_digit_does_nothing(page: Page, address: str, where: str) -> None:
    page.goto(address + ASKED)
    page.locator(where).first.focus()
    page.keyboard.press("1")
    expect(page.locator(CHECKED)).to_have_count(0)


def test_r_runs(page: Page, address: str) -> None:
    page.goto(address + DEMO)
    page.keyboard.press("r")
    expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=15_000)


@pytest.mark.parametrize("where", ["input[type=number]", "input[type=range]", ".list a"])
def test_r_in_a_field_or_on_a_link_runs_nothing(page: Page, address: str, where: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.goto(address + DEMO)
    page.locator(where).first.focus()
    page.keyboard.press("r")
    page.goto(address + DEMO)
    assert "POST" not in asked


def test_the_question_mark_lists_the_keys_and_restores_the_focus(page: Page, address: str) -> None:
    page.goto(address + ASKED)
    page.keyboard.press("2")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.locator("input[name=answer]").nth(1)).to_be_focused()
    expect(page.locator("input[name=answer]").nth(1)).to_be_checked()


def test_keys_that_are_switched_off_stay_off(page: Page, address: str) -> None:
    page.goto(address + ASKED)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use the first four").uncheck()
    page.get_by_role("button", name="Close").click()
    for _ in range(2):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("1")
        page.keyboard.press("?")
        expect(page.locator(CHECKED)).to_have_count(0)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator(".choice kbd").first).to_be_hidden()
        page.reload()


def test_a_touch_screen_shows_no_key_badges(browser: Browser, page: Page, address: str) -> None:
    page.goto(address + ASKED)
    expect(page.locator(".choice kbd").first).to_be_visible()
    context = browser.new_context(has_touch=True, is_mobile=True)
    phone = context.new_page()
    phone.goto(address + ASKED)
    expect(phone.locator(".choice").first).to_be_visible()
    expect(phone.locator(".choice kbd").first).to_be_hidden()
    expect(phone.locator("[data-keys-list]")).to_be_hidden()
    context.close()


def test_without_script_no_keys_are_offered(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ASKED)
    expect(page.locator("[data-keys-list]")).to_be_hidden()
    expect(page.locator(".choice kbd").first).to_be_hidden()
    context.close()


def test_arrow_keys_move_by_one_span_per_press(page: Page, address: str) -> None:
    page.goto(address)
    spans = page.locator("a.span")
    spans.first.focus()
    first = page.evaluate("document.activeElement.id")
    page.keyboard.down("ArrowRight")
    second = page.evaluate("document.activeElement.id")
    page.keyboard.down("ArrowRight")
    assert first != second == page.evaluate("document.activeElement.id")
    page.keyboard.up("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == first
