"""The drawn timeline in a real browser: its layout, and the behaviour that script adds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page, Route, expect

from quiz.figure import Figure, Live, draw
from quiz.registry import SHIPPED
from quiz.web.core import syntax
from tests import timelines
from tests.timelines import CAST

HOST = "http://drawing.test"
SHEETS = ("tokens", "base", "layout", "components", "code", "timeline", "lab")
TYPES = {".js": "text/javascript", ".css": "text/css"}
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
CODE = "\n" * 6 + "def demo():\n    pass\n"

# Each label with the box of its glyphs, and the picture's.
MEASURE = """() => [...document.querySelectorAll('[data-timeline]')].map((figure) => ({
  picture: figure.querySelector('.timeline__picture').getBoundingClientRect().toJSON(),
  labels: [...figure.querySelectorAll('[data-label]')].map(
    (label) => ({ text: label.textContent, ...label.getBoundingClientRect().toJSON() })),
  spans: [...figure.querySelectorAll('a.span')].map((span) => {
    const widths = [...span.querySelectorAll('rect')].map((r) => r.getBoundingClientRect().width);
    return [span.querySelector('title').textContent, Math.max(...widths)];
  }),
}))"""

SIDEWAYS = """[document.documentElement, ...document.querySelectorAll('.timeline__scroll')]
  .some((box) => box.scrollWidth > box.clientWidth)"""

Show = Callable[..., Page]


TEMPLATES = Environment(
    loader=FileSystemLoader(SHIPPED / "templates"), autoescape=True, undefined=StrictUndefined
)


def markup(figure: Figure) -> str:
    return TEMPLATES.get_template("timeline/figure.html").render(figure=figure)


def document(*figures: Figure) -> str:
    sheets = "".join(f'<link rel="stylesheet" href="/css/{name}.css">' for name in SHEETS)
    scripts = '<script src="/vendor/htmx.min.js"></script>'
    for name in ("keys", "timeline"):
        scripts += f'<script type="module" src="/js/{name}.js"></script>'
    labs = "".join(f'<div class="lab__part" id="live">{markup(f)}</div>' for f in figures)
    body = f'<main class="column column--wide"><section class="lab">{labs}</section></main>'
    body += '<p id="status" role="status"></p>' + TEMPLATES.get_template("_keys.html").render()
    code = syntax.code(CODE, "demo.py", {"demo": "event loop"})
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{sheets}'
    return f'<!doctype html><html lang="en">{head}{scripts}<body>{body}{code}'


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    """Opens a page with these figures, without a server: the fixture answers the browser."""
    contexts = []

    def open_page(*figures: Figure, width: int = 1440, **options: Any) -> Page:
        again = options.pop("again", None)

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix(HOST).partition("?")[0]
            file = SHIPPED / "static" / path[1:]
            if path == "/":
                headers = {"Content-Security-Policy": CSP}
                route.fulfill(body=document(*figures), content_type="text/html", headers=headers)
            elif path == "/again":
                route.fulfill(body=markup(again), content_type="text/html")
            else:
                route.fulfill(path=file, content_type=TYPES[Path(path).suffix])

        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, base_url=HOST, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto("/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def meet(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] + 1 < other["bottom"]
        and other["top"] + 1 < one["bottom"]
    )


def assert_readable(page: Page) -> None:
    """Every label inside the picture, none on another; every span at least 3 px wide."""
    for figure in page.evaluate(MEASURE):
        picture, labels = figure["picture"], figure["labels"]
        assert labels
        for number, label in enumerate(labels):
            assert label["left"] >= picture["left"] - 0.5, label
            assert label["right"] <= picture["right"] + 0.5, label
            assert picture["top"] <= label["top"], label
            assert label["bottom"] <= picture["bottom"], label
            on = [other["text"] for other in labels[:number] if meet(label, other)]
            assert not on, (label["text"], on)
        assert all(width >= 3 for _, width in figure["spans"]), figure["spans"]


# What lies where


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("beside", [2_000.0, 60_000.0])
def test_a_millisecond_stays_visible_beside_seconds(show: Show, width: int, beside: float) -> None:
    figure = draw(timelines.one_by_one(sent=1.0, a=beside, b=1.0))
    assert_readable(show(figure, width=width))


def test_every_figure_is_readable_at_every_width(show: Show) -> None:
    figures = [draw(make()) for make in CAST.values()]
    page = show(*figures, draw(timelines.going_on(), live=Live(1500, 3100)))
    for width in (320, 390, 480, 700, 1088, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert_readable(page)
        # Below that the picture alone scrolls.
        assert width < 390 or not page.evaluate(SIDEWAYS), width


def test_the_line_of_the_response_crosses_all_lanes(show: Show) -> None:
    page = show(draw(timelines.pool()), width=390)
    rule = page.locator(".timeline__under .rule").bounding_box()
    lanes = [lane.bounding_box() for lane in page.locator(".timeline__lane").all()]
    assert rule
    assert lanes[0]
    assert lanes[-1]
    assert rule["y"] < lanes[0]["y"] + lanes[0]["height"]
    assert rule["y"] + rule["height"] >= lanes[-1]["y"] + lanes[-1]["height"] - 1


def test_every_entry_of_the_legend_has_a_symbol(show: Show) -> None:
    page = show(draw(timelines.pool()), draw(timelines.blocked()))
    for entry in page.locator(".legend li").all():
        shape = entry.locator("svg > *, svg g > *").first.bounding_box()
        assert shape
        assert max(shape["width"], shape["height"]) > 10


# With script


def test_arrow_keys_move_through_the_spans_in_order_of_time(show: Show) -> None:
    page = show(draw(timelines.one_by_one()))
    assert page.locator("a.span[tabindex='0']").count() == 1
    page.locator("a.span[tabindex='0']").focus()
    names = []
    for key in ("ArrowRight", "ArrowDown", "End", "ArrowLeft", "Home"):
        page.keyboard.press(key)
        title = page.locator("a.span:focus title").text_content() or ""
        names.append(title.partition(",")[0])
    assert names == ["create_item", "task_a", "task_b", "task_a", "POST /items"]


def test_selecting_a_span_shows_its_details_and_marks_its_lines(show: Show) -> None:
    page = show(draw(timelines.failing()))
    page.locator("a.span[data-span='4']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-details]")).to_contain_text("the partner does not know order 42")
    assert [line.get_attribute("data-line") for line in page.locator(".is-chosen").all()] == [
        "7",
        "8",
    ]
    assert page.url == f"{HOST}/"
    page.keyboard.press("Escape")
    expect(page.locator("[data-chosen]")).to_be_hidden()
    assert page.locator(".is-chosen, a.span[aria-current]").count() == 0


def test_a_click_on_a_name_selects_its_span(show: Show) -> None:
    page = show(draw(timelines.one_by_one()))
    page.locator("a.name[data-span='3'] text").click()
    expect(page.locator("[data-details]")).to_contain_text("2.000 s")
    expect(page.locator("a.span[aria-current]")).to_have_attribute("data-span", "3")


def test_replay_steps_forth_and_back(show: Show) -> None:
    page = show(draw(timelines.one_by_one()))
    said = page.locator("[data-said]")
    page.locator("[data-step='on']").click()
    expect(said).to_contain_text("The client sent POST /items")
    page.locator("[data-step='on']").click()
    expect(said).to_contain_text("The server received POST /items")
    page.keyboard.press(",")
    expect(said).to_contain_text("The client sent POST /items")
    expect(page.locator("[data-playhead]")).to_have_attribute("visibility", "visible")
    page.keyboard.press("Escape")
    expect(page.locator("[data-playhead]")).to_have_attribute("visibility", "hidden")


def test_space_plays_to_the_end(show: Show) -> None:
    timeline = timelines.one_by_one()
    page = show(draw(timeline))
    page.clock.install()
    page.locator("a.span").first.focus()
    page.keyboard.press("Space")
    page.clock.run_for(60_000)
    last = len(timeline.events)
    expect(page.locator("[data-said]")).to_contain_text(f"{last}/{last}")


def test_an_open_bar_grows_between_updates(show: Show) -> None:
    page = show(draw(timelines.going_on(), live=Live(1500, 3100)))
    width = "document.querySelector('[data-grow]').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.wait_for_function(f"{width} > {before} + 2")


def test_with_reduced_motion_nothing_moves(show: Show) -> None:
    page = show(draw(timelines.going_on(), live=Live(1500, 3100)), reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("swap", ["innerHTML", "innerMorph"])
def test_focus_selection_and_open_parts_survive_an_update(show: Show, swap: str) -> None:
    live = draw(timelines.going_on(), live=Live(1500, 3100))
    later = draw(timelines.going_on(), live=Live(2900, 3100))
    page = show(live, again=later)
    page.locator("summary", has_text="table").click()
    page.locator("a.span[data-span='3']").focus()
    page.keyboard.press("Enter")
    page.evaluate(f"htmx.ajax('GET', '/again', {{ target: '#live', swap: '{swap}' }})")
    expect(page.locator("[data-timeline]")).to_have_attribute("data-left-ms", "200")
    expect(page.locator("a.span[data-span='3']")).to_be_focused()
    expect(page.locator("a.span[aria-current]")).to_have_attribute("data-span", "3")
    expect(page.locator("[data-details]")).to_contain_text("task_a")
    expect(page.locator("[data-keep='table']")).to_have_attribute("open", "")
    assert page.locator("a.span[tabindex='0']").count() == 1


def test_an_ended_bar_stops_growing_after_a_morph(show: Show) -> None:
    page = show(
        draw(timelines.going_on(), live=Live(1500, 3100)), again=draw(timelines.one_by_one())
    )
    page.evaluate("htmx.ajax('GET', '/again', { target: '#live', swap: 'innerMorph' })")
    expect(page.locator("[data-replay]")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_figure_causes_no_errors_in_the_console(show: Show) -> None:
    page = show()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.reload()
    assert said == []


# Without script


def test_without_script_the_selected_span_and_the_table_are_shown(show: Show) -> None:
    page = show(draw(timelines.failing(), selected="4"), java_script_enabled=False)
    expect(page.locator("[data-chosen]")).to_contain_text("ValueError")
    assert page.locator("a.span").first.get_attribute("href") == "?span=1#span-10-1"
    expect(page.locator("[data-replay]")).to_be_hidden()
    page.locator("summary", has_text="event").click()
    expect(page.locator(".events li").first).to_be_visible()
