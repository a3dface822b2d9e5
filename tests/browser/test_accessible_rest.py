"""Accessibility of pages that need a class, a lost cookie, or a pack that runs contradict."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import packs
from tests.browser.test_accessibility import CHOICE, assert_sound, open_all
from tests.browser.test_room import enter
from tests.live.players import write_demo
from tests.live.test_disputes import OFTEN, WRONG
from tests.serving import Server, shared
from tests.web.test_room import SECRET

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """For a class, whose answers are counted, with a pack whose key is wrong: one for each test."""
    folder = packs.write(tmp_path / "packs", WRONG, "wrong.yaml").parent
    (folder / "demos").mkdir()
    write_demo(folder / "demos")
    with shared(tmp_path / "data", class_=True, teacher=SECRET, packs=(folder,)) as server:
        yield server


def assert_sound_everywhere(page: Page, what: str) -> None:
    open_all(page)
    assert_sound(page, what)
    before = page.viewport_size
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what
    assert before
    page.set_viewport_size(before)


def test_axe_finds_nothing_on_the_results_of_a_class(browser: Browser, address: str) -> None:
    for _ in range(5):
        sent = httpx2.post(f"{address}{CHOICE}/attempts", data={"answer": "o1"})
        assert sent.status_code == 303
    page = browser.new_page()
    page.goto(f"{address}/class")
    enter(page)
    page.wait_for_url(f"{address}/class")
    expect(page.get_by_role("cell", name="5", exact=True)).to_be_visible()
    assert_sound_everywhere(page, "/class")
    page.close()


def test_a_learner_can_be_restored_by_keyboard_only(browser: Browser, address: str) -> None:
    mine, other = browser.new_context(), browser.new_context(java_script_enabled=False)
    page = mine.new_page()
    page.goto(address + CHOICE)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for()
    page.goto(f"{address}/progress")
    page.get_by_role("button", name="Show my link").focus()
    page.keyboard.press("Enter")
    link = page.get_by_label("Your link").input_value()
    assert_sound_everywhere(page, "the link")
    page.goto(link)
    assert_sound_everywhere(page, "the link, opened where one is already")
    plain = other.new_page()
    plain.goto(link)
    plain.get_by_role("button", name="Go on as that learner").focus()
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", name="What to do next")).to_be_visible()
    mine.close()
    other.close()


def test_axe_finds_nothing_in_a_disputed_answer(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + OFTEN)
    page.locator("input[name=answer][value=o1]").check()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.locator(".verdict").wait_for()
    attempt = page.url
    wins = page.get_by_role("heading", name="The run wins")
    for _ in range(20):
        page.goto(f"{attempt}?look=again")
        if wins.count():
            break
    expect(wins).to_be_visible()
    assert_sound_everywhere(page, "disputed")
    page.close()
