"""Every page, as a whole and as fragments, and pages that have nothing to show."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from quiz.packs.catalog import load
from quiz.settings import Settings
from tests.addresses import pages
from tests.web import plain
from tests.web.conftest import Ask

PACK = load(Settings.read({})).packs["background-tasks"]
HTMX = {"HX-Request": "true"}
EXAMPLES = {"pack": "plain", "question": "pick", "topic": "first", "demo": "task_order"}
PAGES = (
    *pages(EXAMPLES),
    "/packs/background-tasks",
    "/packs/plain/several",
    "/packs/plain/lines",
    "/packs/plain/seconds",
    "/topics/background-tasks/order/done",
    "/demos/task_order?variant=gathered&task_a_seconds=1.5",
)
# The pages of which htmx swaps a part.
PARTS = ("/packs/plain/pick", "/packs/plain/lines", "/packs/plain/seconds", "/demos/task_order")


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def without_token(html: str) -> str:
    return re.sub(r'name="token" value="[^"]+"', "", html).strip()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_shown_before_and_after_an_answer(client: TestClient, page: str) -> None:
    assert client.get(page).status_code == 200
    plain.answer(client, plain.WRONG)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_no_page_contains_inline_script_or_style(client: TestClient, page: str) -> None:
    plain.answer(client, plain.WRONG)
    html = client.get(page).text
    assert not re.search(r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style|js:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


@pytest.mark.parametrize("page", PARTS)
def test_a_fragment_is_part_of_its_page(client: TestClient, page: str) -> None:
    part = client.get(page, headers=HTMX).text
    assert "<html" not in part
    assert without_token(part) in without_token(client.get(page).text)


def test_the_fragment_of_an_attempt_is_part_of_its_page(client: TestClient) -> None:
    attempt = plain.answer(client, plain.WRONG)
    part = client.get(attempt, headers=HTMX).text
    assert "<html" not in part
    assert part.strip() in client.get(attempt).text


def test_a_first_visit_has_one_button_to_the_first_question(client: TestClient) -> None:
    html = client.get("/").text
    assert re.findall(r'class="button main[^"]*" href="([^"]+)"', html) == [
        "/packs/background-tasks/what-the-client-waits-for"
    ]
    assert "Start: question 1" in html


def test_a_first_visit_shows_a_sentence_a_timeline_and_topics_with_count_and_minutes(
    client: TestClient,
) -> None:
    html = client.get("/").text
    head = html[html.index('class="hero"') : html.index("</header>", html.index('class="hero"'))]
    assert len(re.findall("<h1>|<p>", head)) == 1
    assert html.count("data-timeline") == 1
    sizes = re.findall(r"(\d+) questions · about (\d+) min", html)
    counts = [len(PACK.of_topic(topic)) for topic in PACK.topics]
    assert [int(count) for count, _ in sizes[: len(counts)]] == counts
    assert html.index("data-timeline") < html.index(" questions · about")


def test_a_span_of_the_first_timeline_can_be_selected_without_script(client: TestClient) -> None:
    href = re.findall(r'class="span [^"]+" id="[^"]+" href="([^"#]+)', client.get("/").text)[1]
    assert re.search(r'class="span [^>]+aria-current="true"', client.get(f"/{href}").text)
    assert client.get("/?span=nonsense").status_code == 200


def test_a_returning_learner_sees_the_next_question_then_topics_with_marks(
    client: TestClient,
) -> None:
    plain.answer(client, plain.WRONG)
    html = client.get("/").text
    assert "data-timeline" not in html
    assert html.index("Continue: question 2 of 3") < html.index('data-mark="wrong"')
    assert "The first topic: 1 of 3 answered." in html


def test_a_learner_who_answered_everything_is_sent_to_their_progress(
    ask: Ask, tmp_path: Path
) -> None:
    client = ask(packs=(plain.folder(tmp_path),))
    catalog = client.get("/").text
    for question in re.findall(r'<a class="pip" href="([^"]+)"', catalog):
        client.post(f"{question}/reveal")
    html = client.get("/").text
    assert "You have answered every question." in html
    assert 'class="button main large" href="/progress"' in html


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_navigation_leads_to_a_page(client: TestClient, page: str) -> None:
    html = client.get(page).text
    navigation = html[html.index('<nav aria-label="Main">') : html.index("</nav>")]
    hrefs = re.findall(r'href="([^"]+)"', navigation)
    assert hrefs
    assert {client.get(href).status_code for href in hrefs} == {200}


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("/packs/plain/pick", "Learn"),
        ("/interview", "Learn"),
        ("/review", "Review"),
        ("/demos/task_order", "Demos"),
        ("/progress/erase", "Progress"),
    ],
)
def test_the_navigation_marks_the_section_of_a_page(
    client: TestClient, page: str, section: str
) -> None:
    marked = re.findall(r'<a href="[^"]+" aria-current="true">([^<]+)</a>', client.get(page).text)
    assert marked == [section]


def test_a_returning_learner_continues_with_the_next_question(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    html = client.get("/").text
    assert 'href="/packs/plain/several">Continue: question 2 of 3</a>' in html


def test_a_pack_shows_only_the_marks_of_the_learner(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    assert "wrong on the first try" in client.get("/packs/plain").text
    client.cookies.clear()
    assert "wrong on the first try" not in client.get("/packs/plain").text


def test_a_broken_pack_is_listed_with_its_errors_and_other_packs_work(
    ask: Ask, tmp_path: Path
) -> None:
    broken = plain.PLAIN.replace("key: true", "kye: true", 1)
    client = ask(packs=(plain.folder(tmp_path, broken),))
    html = client.get("/").text
    assert re.search(r"plain\.yaml:\d+:\d+", html)
    assert "Did you mean key?" in html
    assert "Start: question 1" in html
    answer = client.get("/packs/plain")
    assert answer.status_code == 404
    assert "quiz check" in answer.text


@pytest.mark.parametrize(
    ("path", "way_out"),
    [
        ("/packs/plane", "Did you mean plain?"),
        ("/packs/plain/gone", 'href="/packs/plain"'),
        ("/packs/plain/pick/more", 'href="/"'),
        ("/topics/plain/furst/done", "Did you mean first?"),
        ("/attempts/gone", 'href="/progress"'),
        ("/demos/task_odrer", "Did you mean task_order?"),
        ("/runs/gone", 'href="/demos"'),
        ("/runs/gone/live", 'href="/demos"'),
    ],
)
def test_a_missing_page_says_what_to_do(client: TestClient, path: str, way_out: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert way_out in answer.text


def test_the_end_of_a_topic_shows_the_scores_and_the_next_step(client: TestClient) -> None:
    plain.answer(client, plain.WRONG)
    plain.answer(client, {"answer": "o1"}, "/packs/plain/several")
    html = client.get("/topics/plain/first/done").text
    assert "First try 0.5 of 2 · eventually 0.5 of 2 · strength 25 %, 2 of 3 answered." in html
    assert "Retry the 2 you missed" in html
    assert "Take this one." in html
    assert "<strong>that</strong>" in html


def test_a_first_visit_is_small(client: TestClient) -> None:
    """60 KB compressed with all that the page loads."""
    page = client.get("/packs/plain/pick")
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    packed = [int(client.get(file).headers["content-length"]) for file in files]
    assert sum(packed) + len(page.content) < 60_000
