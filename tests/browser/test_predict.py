"""A prediction in a real browser: dragged, moved by keys, chosen; the fields keep in step."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.axe import faults

DRAWN = "/packs/background-tasks/draw-two-in-a-list"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 1100})
    page = context.new_page()
    page.goto(address + DRAWN)
    yield page
    context.close()


def fields(page: Page, task: str) -> list[str]:
    names = (f"lane-{task}", f"start-{task}", f"length-{task}")
    return [page.locator(f'select[name="{name}"]').input_value() for name in names]


def bar(page: Page, task: str) -> Locator:
    return page.locator(f"[data-task={task}]")


def middle(page: Page, row: str, slot: float) -> tuple[float, float]:
    """Where a slot begins in a lane, on the screen."""
    floor = page.locator(f'[data-row="{row}"] rect').first.bounding_box()
    assert floor
    return floor["x"] + floor["width"] * slot / 8, floor["y"] + floor["height"] / 2


def drag(page: Page, what: Locator, to: tuple[float, float]) -> None:
    box = what.bounding_box()
    assert box
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(*to, steps=6)
    page.mouse.up()


def test_arrow_keys_move_a_bar_and_shift_extends_it(page: Page) -> None:
    bar(page, "task_a").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    assert fields(page, "task_a") == ["event loop", "1", "2"]
    said = "on the event loop, from 0.5 s to 1.5 s"
    expect(page.locator("#status")).to_have_text(f"task_a: {said}")
    expect(bar(page, "task_a")).to_have_attribute("aria-valuetext", said)
    expect(bar(page, "task_a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    assert fields(page, "task_a")[0] == ""


def test_a_bar_can_be_dragged_into_a_lane_and_extended_at_its_end(page: Page) -> None:
    drag(page, bar(page, "task_a").locator("rect").first, middle(page, "thread", 2.5))
    lane, start, _ = fields(page, "task_a")
    assert (lane, start) == ("thread", "2")
    grip = bar(page, "task_a").locator(".guess__grip rect")
    x, y = middle(page, "thread", 6)
    drag(page, grip, (x, y))
    assert fields(page, "task_a") == ["thread", "2", "4"]
    drag(page, bar(page, "task_a").locator("rect").first, middle(page, "never", 1))
    assert fields(page, "task_a")[0] == "never"
    expect(page.locator(".is-moving")).to_have_count(0)


def test_a_select_moves_the_bar_and_the_line_of_the_response(page: Page) -> None:
    page.select_option('[name="lane-task_b"]', "worker")
    page.select_option('[name="start-task_b"]', "4")
    page.select_option('[name="sent"]', "4")
    expect(bar(page, "task_b").locator("rect").first).to_have_attribute("x", "50%")
    expect(page.locator("[data-sent] line").first).to_have_attribute("x1", "50%")
    page.locator("[data-sent]").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[name="sent"]')).to_have_value("3")
    expect(page.locator("#status")).to_have_text("The response is sent after 1.5 s")


def test_a_prediction_can_be_locked_by_keyboard_and_axe_finds_nothing(page: Page) -> None:
    for task in ("task_a", "task_b"):
        bar(page, task).focus()
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert faults(page) == []
    page.locator('[name="sent"]').focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Lock prediction").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_focused()
    expect(page.locator("#options")).to_contain_text("In your answer")
    page.locator("#options details summary").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []


def test_on_a_phone_nothing_is_wider_than_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
