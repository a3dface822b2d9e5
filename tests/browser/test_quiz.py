"""The quiz in a real browser: by keyboard, live, on a phone, and without script."""

import os
import re
from collections.abc import Iterator
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from quiz.packs.catalog import load
from quiz.settings import Settings

TOTAL = "/packs/background-tasks/two-tasks-total"
LOG = "/packs/background-tasks/what-the-client-waits-for"
ORDER = "/packs/background-tasks/one-request-in-order"
TOPICS = load(Settings.read(os.environ)).packs["background-tasks"].topics
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def wait_for_a_run_that_decides(page: Page) -> None:
    """While the tests keep the machine busy, a run may have to be repeated, as it says itself."""
    for _ in range(5):
        expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=15_000)
        if not page.locator("#run-fault").count():
            return
        page.get_by_role("button", name="Run again").click()
        expect(page.locator("#run-fault")).to_have_count(0)
    raise AssertionError("The machine is too busy for any run to decide.")


def look_again_until_a_run_decides(page: Page) -> None:
    """Reloads the page until a run decides, because without script the page does not change."""
    end = monotonic() + 60
    while not page.get_by_text("This run: held").count():
        assert monotonic() < end, "No run decides."
        if page.locator("#run-fault").count():
            page.get_by_role("button", name="Run again").click()
        else:
            page.get_by_role("link", name="Look again").click()


def test_an_answer_by_keyboard_ends_with_what_the_run_showed(page: Page, address: str) -> None:
    page.goto(address + LOG)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()
    expect(page).to_have_url(re.compile("/attempts/"))
    wait_for_a_run_that_decides(page)
    expect(page.locator("#options")).to_contain_text("This run: held")
    expect(page.locator("[data-timeline]")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text("The run has ended.")


def test_digits_in_a_field_stay_there(page: Page, address: str) -> None:
    page.goto(f"{address}/packs/background-tasks/tasks-at-once")
    page.locator("#answer-number").press_sequentially("12")
    expect(page.locator("#answer-number")).to_have_value("12")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()


def test_enter_without_a_choice_focuses_the_error(page: Page, address: str) -> None:
    page.goto(address + LOG)
    page.keyboard.press("Enter")
    expect(page.locator("#answer-error")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()


def test_a_run_is_drawn_while_it_runs(page: Page, address: str) -> None:
    page.goto(address + TOTAL)
    page.locator("label.choice").first.click()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#run-state")).to_contain_text("Running.", timeout=15_000)
    expect(page.locator("a.span", has_text="task_a")).to_be_visible(timeout=15_000)
    expect(page.locator("#options")).not_to_contain_text("This run")
    page.locator("#experiment > summary").click()
    expect(page.locator("#run-state")).to_have_count(0, timeout=15_000)
    expect(page.locator("a.span", has_text="task_b")).to_be_visible()
    # What the learner opened meanwhile is still open, and has what the run left behind.
    expect(page.locator("#run-record .log")).to_be_visible()


def test_the_stream_is_closed_at_the_end(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + LOG)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=15_000)
    page.wait_for_timeout(1500)
    assert sum("/live" in url for url in asked) == 1


def test_a_run_can_be_cancelled_on_the_page(page: Page, address: str) -> None:
    page.goto(address + TOTAL)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#run-state")).to_contain_text("Running.", timeout=15_000)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#run-fault")).to_contain_text("cancelled", timeout=10_000)
    page.get_by_role("button", name="Run again").click()
    expect(page.locator("#run-state")).to_be_visible()


def test_a_demo_runs_in_its_page_with_the_learners_value(page: Page, address: str) -> None:
    page.goto(f"{address}/demos/after_response")
    page.locator("[data-slider]").first.fill("0.3")
    assert page.locator("#knobs-write_seconds").input_value() == "0.3"
    page.get_by_role("button", name="Just show me").click()
    expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=15_000)
    expect(page.locator("#run-code")).to_contain_text("WRITE_SECONDS = 0.3")


def test_a_value_out_of_bounds_is_reported_beside_the_form(page: Page, address: str) -> None:
    page.goto(f"{address}/demos/after_response")
    page.locator("#knobs").evaluate("form => { form.noValidate = true }")
    page.locator("#knobs-write_seconds").fill("99")
    page.get_by_role("button", name="Just show me").click()
    expect(page.locator("#knobs .error")).to_be_focused()
    expect(page.locator("#knobs-write_seconds")).to_have_value("99")
    expect(page.locator("#lab")).to_have_count(1)


def test_going_back_from_the_feedback_shows_the_question(page: Page, address: str) -> None:
    page.goto(address + LOG)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_visible()
    page.go_back()
    expect(page.locator("form[data-answer]")).to_be_visible()
    expect(page.get_by_text("You answered this on")).to_be_visible()


def test_a_self_assessment_is_set_without_leaving_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/topics/background-tasks/order/done")
    page.get_by_text("Compare with a model answer").click()
    page.get_by_role("button", name="Partly").click()
    expect(page.get_by_role("button", name="Partly")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Partly")).to_be_focused()
    expect(page.locator("#interview form")).to_be_visible()
    page.reload()
    expect(page.locator("#interview")).to_contain_text("you said it partly")


def test_a_self_assessment_needs_no_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/topics/background-tasks/order/done")
    page.get_by_text("Compare with a model answer").click()
    page.get_by_role("button", name="I said it").click()
    expect(page).to_have_url(re.compile("/topics/background-tasks/order/done#interview$"))
    expect(page.locator("#interview")).to_contain_text("you said it.")
    context.close()


def test_a_printed_sheet_leaves_out_the_navigation(page: Page, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(f"{address}/topics/background-tasks/interview")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".sheet__card")).to_have_count(
        sum(bool(topic.interview) for topic in TOPICS.values())
    )
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".crumb")).to_be_hidden()


def test_a_topic_works_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Start: question 1").click()
    page.locator("input[name=answer]").first.check()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#verdict")).to_be_visible()
    look_again_until_a_run_decides(page)
    expect(page.locator("[data-timeline]")).to_be_visible()
    page.get_by_role("link", name="Next question").click()
    for place, field in enumerate(page.locator("input[type=number]").all(), 1):
        field.fill(str(place))
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#verdict")).to_be_visible()
    page.get_by_role("link", name="Open this demo").click()
    page.get_by_role("button", name="Just show me").click()
    expect(page).to_have_url(re.compile("/runs/"))
    expect(page.locator("[data-timeline]")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 768, 1440, 1920])
def test_no_page_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    for path in ("/", "/packs/background-tasks", ORDER, TOTAL, "/demos", "/demos/thread_pool"):
        page.goto(address + path)
        assert sideways(page) <= 0, path
    page.goto(address + LOG)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#run-foot")).to_contain_text("Link to this run", timeout=15_000)
    page.locator("#experiment > summary").click()
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    assert sideways(page) <= 0
    for path in (
        "/progress",
        "/progress/erase",
        "/topics/background-tasks/after-response/done",
        "/topics/background-tasks/interview",
    ):
        page.goto(address + path)
        assert sideways(page) <= 0, path
    context.close()


def test_targets_are_large_enough(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    for path in ("/", ORDER, TOTAL, "/demos/task_order", "/progress"):
        page.goto(address + path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .button, .pip, input, summary, nav a")]
            .filter((e) => e.checkVisibility() && e.type !== "hidden" && !e.closest("label"))
            .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"""
        )
        assert small == [], path
    context.close()
