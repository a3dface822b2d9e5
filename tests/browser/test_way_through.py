"""The path of a newcomer: to a timeline, to the end of a topic, through the missed questions."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

TOPIC = "/topics/background-tasks/after-response/done"


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def answer(page: Page) -> None:
    """Whatever comes first of each kind."""
    places = page.locator("form[data-answer] input[type=number]")
    for place, field in enumerate(places.all(), 1):
        field.fill(str(place))
    if not places.count():
        page.locator("form[data-answer] input[name=answer]").first.check()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator("#verdict")).to_be_visible()


def way_on(page: Page) -> Locator:
    return page.locator("a[data-next]")


def test_the_first_finished_timeline_is_four_presses_and_less_than_a_minute_away(
    browser: Browser, address: str, record_property: Callable[[str, object], None]
) -> None:
    page = browser.new_page()
    began = time.monotonic()
    page.goto(address)
    presses = (
        page.get_by_role("link", name="Start: question 1"),
        page.locator("label.choice").first,
        page.get_by_role("button", name="Answer", exact=True),
    )
    for press in presses:
        press.click()
    expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=15_000)
    expect(page.locator("[data-timeline]")).to_be_visible()
    seconds = time.monotonic() - began
    record_property("presses", len(presses))
    record_property("seconds", round(seconds, 2))
    assert len(presses) <= 4
    assert seconds < 60
    page.close()


def test_a_topic_without_script_is_asked_in_file_order(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(address)
    page.get_by_role("link", name="Start: question 1").click()
    asked = []
    while "/packs/" in page.url:
        asked.append(page.url)
        answer(page)
        way_on(page).click()
    assert page.url == address + TOPIC
    page.goto(asked[0])
    assert [address + (pip.get_attribute("href") or "") for pip in page.locator("a.pip").all()] == (
        asked
    )


def test_leaving_a_topic_in_the_middle_loses_nothing(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(address)
    page.get_by_role("link", name="Start: question 1").click()
    answer(page)
    page.goto(address)
    page.get_by_role("link", name=re.compile(r"Continue: question 2 of \d+$")).click()
    expect(page.locator("form[data-answer]")).to_be_visible()
    expect(page.locator("a.pip").first).to_have_attribute(
        "data-mark", re.compile("right|partly|wrong")
    )


def test_retry_asks_all_missed_questions_and_returns_to_the_end(
    plain_page: Page, address: str
) -> None:
    page = plain_page
    page.goto(address)
    page.get_by_role("link", name="Start: question 1").click()
    missed = retried = 0
    while "/packs/" in page.url:
        page.get_by_role("button", name="Just show me").click()
        missed += 1
        way_on(page).click()
    page.get_by_role("link", name=f"Retry the {missed} you missed").click()
    while "/packs/" in page.url:
        answer(page)
        retried += 1
        way_on(page).click()
    assert (retried, page.url) == (missed, address + TOPIC)
