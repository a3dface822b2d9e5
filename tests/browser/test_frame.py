"""The page frame in a real browser: the security policy, errors, keyboard and phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.addresses import pages

# Written before the page's own scripts run; the browser tells here what its policy stopped.
WATCH = """
window.refused = [];
const note = (event) => refused.push(`${event.violatedDirective} ${event.blockedURI}`);
addEventListener("securitypolicyviolation", note);
"""
EXAMPLES = {
    "pack": "background-tasks",
    "question": "what-the-client-waits-for",
    "topic": "order",
    "demo": "task_order",
}
PAGES = (*pages(EXAMPLES), "/nowhere")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def test_the_content_security_policy_blocks_nothing_of_the_app(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for path in PAGES:
        page.goto(address + path)
        assert page.evaluate("htmx.version") == "4.0.1"
        assert page.evaluate("refused") == [], path
    assert [line for line in said if "/nowhere" not in line] == []


def test_inline_script_and_style_are_blocked(page: Page, address: str) -> None:
    page.goto(f"{address}/docs")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\" id=x>x</p>')"
    )
    assert page.evaluate("getComputedStyle(x).color") != "rgb(255, 0, 0)"
    assert page.evaluate("refused") == ["style-src-attr inline"]


def test_an_error_for_a_fragment_replaces_the_whole_page(page: Page, address: str) -> None:
    page.goto(f"{address}/docs")
    page.evaluate("htmx.ajax('GET', '/nowhere', {target: '#title-start', swap: 'outerHTML'})")
    page.get_by_role("heading", name="Nothing is here").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Nothing is here"
    assert page.locator("main").count() == 1
    assert page.locator("header.top").count() == 1
    assert page.title() == "Nothing is here · After Response"
    assert page.evaluate("refused") == []


def test_the_keyboard_skips_to_the_content(page: Page, address: str) -> None:
    page.goto(f"{address}/docs")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_a_phone_the_run_is_shown_right_below_the_run_button(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/demos/schedule")
    button, lab, rest = (
        page.locator(selector).bounding_box() for selector in ("[data-run]", "#lab", "#answers")
    )
    assert button
    assert lab
    assert rest
    assert button["y"] < 1.5 * 800
    assert button["y"] < lab["y"] < button["y"] + 150
    assert rest["y"] > lab["y"] + lab["height"]
