"""The projector page in a real browser: counts appear live, and without script after a reload."""

from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from quiz.settings import Settings
from tests.browser.test_quiz import TOTAL, sideways
from tests.serving import served
from tests.web.test_room import SECRET

WALL = f"{TOTAL}/room"


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Each test has its own server, because all learners of a question share one room."""
    with served(replace(settings, class_=True, teacher=SECRET)) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def vote(address: str, option: str) -> None:
    """A learner with a new cookie answers."""
    assert httpx2.post(f"{address}{TOTAL}/attempts", data={"answer": option}).status_code == 303


def enter(page: Page) -> None:
    """Enters the teacher's secret, which the projector page asks for."""
    page.get_by_label("Teacher's secret").fill(SECRET)
    page.keyboard.press("Enter")


def begin(page: Page) -> None:
    enter(page)
    page.get_by_role("button", name="Begin the round").click()


def counts(page: Page) -> list[str]:
    return [text.split()[0] for text in page.locator(".tally__n").all_inner_texts()]


def test_the_teacher_shows_counts_and_a_run_without_a_reload(page: Page, address: str) -> None:
    page.goto(address + TOTAL)
    page.get_by_role("link", name="On the wall").click()
    begin(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("How long")
    page.get_by_role("button", name="Show the counts").focus()
    vote(address, "o3")
    expect(page.locator(".wall__sum")).to_contain_text("1 answered")
    expect(page.get_by_role("button", name="Show the counts")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".tally__n")).to_have_count(3)
    vote(address, "o1")
    expect(page.locator(".tally__n").first).to_contain_text("1")
    page.get_by_role("button", name="Run for all · about 3 s").click()
    expect(page.locator("#wall-drawn")).to_contain_text("task_a is still running")
    expect(page.locator(".tally__row.key")).to_contain_text("3 seconds", timeout=15_000)
    expect(page.get_by_role("button", name="Run again for all")).to_be_visible()
    assert counts(page) == ["1", "0", "1"]


def test_the_projector_page_works_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + WALL)
    begin(page)
    vote(address, "o3")
    page.get_by_role("link", name="Look again").click()
    expect(page.locator(".wall__sum")).to_contain_text("1 answered")
    page.get_by_role("button", name="Show the counts").click()
    assert counts(page) == ["0", "0", "1"]
    page.get_by_role("button", name="Run for all").click()
    expect(page.get_by_role("region", name="The run of the room")).to_be_visible()
    page.get_by_role("button", name="New round").click()
    expect(page.locator(".wall__sum")).to_contain_text("0 answered")
    context.close()


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_no_projector_page_is_wider_than_its_window(
    browser: Browser, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{address}{TOTAL}/room")
    enter(page)
    page.get_by_role("button", name="Begin the round").wait_for()
    for question in (TOTAL, "/packs/background-tasks/one-request-in-order"):
        page.goto(f"{address}{question}/room")
        page.get_by_role("button", name="Begin the round").click()
        page.get_by_role("button", name="Show the counts").click()
        expect(page.get_by_role("button", name="Show the counts")).to_have_count(0)
        assert sideways(page) <= 0
    page.close()
