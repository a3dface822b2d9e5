"""An ordering in a real browser: by button, key, mouse and number; with script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

PATH = "/packs/background-tasks/list-in-order"
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(address + PATH)
    yield page
    context.close()


def texts(page: Page) -> list[str]:
    return page.locator("[data-text]").all_inner_texts()


def numbers(page: Page) -> list[str]:
    fields = page.locator("[data-ordering] input")
    return [fields.nth(place).input_value() for place in range(fields.count())]


def line(page: Page, place: int) -> Locator:
    return page.locator("[data-item]").nth(place)


def test_lines_are_numbered_in_their_order(page: Page) -> None:
    assert numbers(page) == ["1", "2", "3", "4", "5", "6"]


def test_a_button_moves_its_line_and_keeps_the_focus(page: Page) -> None:
    first, second, *rest = texts(page)
    button = line(page, 0).locator('[data-move="1"]')
    button.click()
    assert texts(page) == [second, first, *rest]
    assert numbers(page) == ["1", "2", "3", "4", "5", "6"]
    assert page.evaluate("document.activeElement.dataset.move") == "1"
    assert page.locator("#status").inner_text() == f"{first}: place 2 of 6"


def test_the_first_line_cannot_move_up_nor_the_last_line_down(page: Page) -> None:
    assert line(page, 0).locator('[data-move="-1"]').is_disabled()
    assert line(page, 5).locator('[data-move="1"]').is_disabled()
    line(page, 1).locator('[data-move="-1"]').click()
    assert page.evaluate("document.activeElement.tagName") == "INPUT"


def test_alt_and_an_arrow_key_move_the_focused_line(page: Page) -> None:
    first, second, *rest = texts(page)
    line(page, 0).locator("input").focus()
    page.keyboard.press("Alt+ArrowDown")
    assert texts(page) == [second, first, *rest]
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert texts(page) == [first, second, *rest]


def test_a_typed_number_moves_the_line_to_that_place(page: Page) -> None:
    first, *rest = texts(page)
    line(page, 0).locator("input").fill("6")
    page.keyboard.press("Tab")
    assert texts(page) == [*rest, first]


def test_a_line_can_be_dragged_with_the_mouse(page: Page) -> None:
    first, second, third, *rest = texts(page)
    start, end = (line(page, place).bounding_box() for place in (0, 2))
    assert start
    assert end
    page.mouse.move(start["x"] + 60, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + end["height"] - 4, steps=8)
    assert page.locator(".is-moving").count() == 1
    page.mouse.up()
    assert texts(page) == [second, third, first, *rest]
    assert page.locator(".is-moving").count() == 0


def test_the_form_sends_the_order_of_the_moved_lines(page: Page) -> None:
    line(page, 0).locator('[data-move="1"]').click()
    moved = texts(page)
    page.get_by_role("button", name="Answer", exact=True).click()
    page.locator(".answered").first.wait_for()
    given = page.locator("#options ol .choice")
    places = dict(
        zip(
            given.locator("> span:nth-child(2)").all_inner_texts(),
            given.locator("em").all_inner_texts(),
            strict=True,
        )
    )
    assert [places[text] for text in moved] == [f"Your answer: {n}" for n in range(1, 7)]


def test_every_line_fits_on_a_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = page.locator("[data-item] > *").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().right)"
    )
    assert max(boxes) <= 390


def test_without_script_lines_are_numbered_by_hand(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PATH)
    assert numbers(page) == [""] * 6
    assert page.locator("[data-move]:visible").count() == 0
    page.get_by_role("button", name="Answer", exact=True).click()
    assert "Not every line has its place yet" in page.locator("#answer-error").inner_text()
    for place in range(6):
        line(page, place).locator("input").fill(str(place + 1))
    page.get_by_role("button", name="Answer", exact=True).click()
    assert "/attempts/" in page.url
    context.close()
