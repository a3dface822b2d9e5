"""A mock interview by keyboard only, with axe on each of its states, and its clock."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import faults
from tests.serving import Server, shared
from tests.web import plain


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("plain")
    with shared(folder / "data", packs=(plain.folder(folder),)) as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def assert_sound(page: Page) -> None:
    """Checks the page in light and dark, and on a phone."""
    for scheme, width in (("light", 1280), ("dark", 390)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 844})
        assert faults(page) == [], (page.url, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def begin(page: Page, address: str) -> None:
    """One question to choose an answer to, and one card."""
    page.goto(f"{address}/interview")
    page.get_by_label("The first topic").press("Space")
    page.get_by_label("1 · A definition").press("Space")
    page.get_by_label("5 questions").press("Space")
    page.get_by_label("A minute each").press("Space")


def test_an_interview_works_by_keyboard_and_axe_finds_nothing(page: Page, address: str) -> None:
    begin(page, address)
    assert_sound(page)
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.get_by_role("heading")).to_contain_text("Which one of these is right?")
    page.wait_for_load_state()  # its keys come with its script
    page.keyboard.press("Enter")
    expect(page.locator("#answer-error")).to_be_focused()
    assert_sound(page)
    page.get_by_label("Because…").fill("I believe so")
    page.get_by_label("That one").press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading")).to_contain_text("What is it?")
    page.wait_for_load_state()
    assert_sound(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading")).to_contain_text("Finish?")
    assert_sound(page)
    page.goto(f"{address}/interview")
    assert_sound(page)
    page.get_by_role("link", name="Go on").press("Enter")
    page.get_by_role("button", name="Finish").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("0 of 1 right")
    expect(page.get_by_text("Not right · “Think so”")).to_be_visible()
    expect(page.get_by_text("I believe so")).to_be_visible()
    page.get_by_role("button", name="Partly").press("Enter")
    expect(page.get_by_role("button", name="Partly")).to_have_attribute("aria-pressed", "true")
    assert_sound(page)


def test_the_clock_counts_minutes_and_says_when_the_time_is_over(page: Page, address: str) -> None:
    page.clock.install()
    begin(page, address)
    page.get_by_role("button", name="Begin").press("Enter")
    clock = page.get_by_role("timer")
    expect(clock).to_have_text("2 minutes left")
    page.clock.run_for(70_000)
    expect(clock).to_have_text("The last minute")
    expect(page.locator("#status")).to_have_text("The last minute")
    page.clock.run_for(70_000)
    expect(page.locator("#status")).to_contain_text("The time has run out.")
    page.get_by_role("button", name="5 more minutes").press("Enter")
    # The server's own time has hardly gone on.
    expect(clock).to_have_text("7 minutes left")
