"""Interview cards: said aloud, compared, self-assessed, and printed as a sheet of a pack."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from quiz.packs.catalog import load
from quiz.settings import Settings
from tests.web import plain
from tests.web.conftest import Ask

DONE = "/topics/plain/first/done"
SEND = "/topics/plain/first/interview"
SHEET = "/topics/background-tasks/interview"
CATALOG = load(Settings.read({}))


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def pressed(page: str) -> list[str]:
    return re.findall(r'value="(\w+)" aria-pressed="true"', page)


def test_the_end_of_a_topic_shows_the_question_before_the_model_answer(client: TestClient) -> None:
    page = client.get(DONE).text
    assert page.index("What is it?") < page.index("<details><summary>Compare")
    assert page.index("<details><summary>Compare") < page.index("<strong>that</strong>")
    assert pressed(page) == []


@pytest.mark.parametrize(
    ("mark", "words"), [("said", "you said it."), ("partly", "partly."), ("no", "not yet.")]
)
def test_a_self_assessment_is_stored_and_shown(client: TestClient, mark: str, words: str) -> None:
    answer = client.post(SEND, data={"mark": mark}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DONE}#interview")
    page = client.get(DONE).text
    assert pressed(page) == [mark]
    assert words in page


def test_a_self_assessment_changes_no_score(client: TestClient) -> None:
    before = client.get("/packs/plain").text
    client.post(SEND, data={"mark": "said"})
    assert client.get("/packs/plain").text == before
    assert "Nothing answered yet." in client.get("/progress").text


def test_htmx_receives_only_the_card_with_its_answer_open(client: TestClient) -> None:
    answer = client.post(SEND, data={"mark": "no"}, headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<section class="card interview" id="interview"')
    assert "<details open>" in answer.text
    assert pressed(answer.text) == ["no"]


@pytest.mark.parametrize("form", [{}, {"mark": ""}, {"mark": "yes"}])
def test_an_invalid_self_assessment_is_refused_and_not_stored(
    client: TestClient, form: dict[str, str]
) -> None:
    answer = client.post(SEND, data=form)
    assert answer.status_code == 422
    assert "mark: must be one of said, partly, no." in answer.text
    assert f'href="{DONE}#interview"' in answer.text
    assert pressed(client.get(DONE).text) == []


@pytest.mark.parametrize(
    ("path", "way_out"),
    [
        ("/topics/plain/second/interview", 'href="/topics/plain/second/done"'),
        ("/topics/plain/furst/interview", "Did you mean first?"),
        ("/topics/plane/first/interview", "Did you mean plain?"),
    ],
)
def test_a_topic_without_an_interview_card_says_where_to_go(
    client: TestClient, path: str, way_out: str
) -> None:
    answer = client.post(path, data={"mark": "said"})
    assert answer.status_code == 404
    assert way_out in answer.text


def test_self_assessments_are_exported_and_imported_again(client: TestClient) -> None:
    client.post(SEND, data={"mark": "partly"})
    exported = client.get("/progress/export.json").json()
    assert [sorted(one) for one in exported["rehearsals"]] == [["at", "mark", "pack", "topic"]]
    assert exported["attempts"] == []
    client.cookies.clear()
    client.get("/")
    files = {"file": ("export.json", json.dumps(exported))}
    told = [client.post("/progress/import", files=files).text for _ in range(2)]
    assert "1 rehearsal imported, 0 known already." in told[0]
    assert "0 answers imported, 1 known already." in told[1]
    assert pressed(client.get(DONE).text) == ["partly"]


@pytest.mark.parametrize("changed", [{"mark": "yes"}, {"at": "noon"}, {"topic": ""}])
def test_a_file_with_an_invalid_self_assessment_is_refused(
    client: TestClient, changed: dict[str, str]
) -> None:
    row = {"pack": "plain", "topic": "first", "mark": "said", "at": "2026-01-01T00:00:00Z"}
    text = json.dumps({"attempts": [], "rehearsals": [row | changed]})
    answer = client.post("/progress/import", files={"file": ("export.json", text)})
    assert answer.status_code == 422
    assert "Rehearsal 1 of the file cannot be read" in answer.text


def test_erasing_deletes_the_self_assessment_too(client: TestClient) -> None:
    client.post(SEND, data={"mark": "said"})
    assert "Erase all your answers?" in client.get("/progress/erase").text
    client.post("/progress/erase", data={"confirm": "yes"})
    assert pressed(client.get(DONE).text) == []


def test_the_page_of_a_pack_links_a_sheet_of_its_interview_cards(client: TestClient) -> None:
    assert f'href="{SHEET}"' in client.get("/packs/background-tasks").text
    page = client.get(SHEET).text
    topics = CATALOG.packs["background-tasks"].topics.values()
    assert page.count('class="sheet__card"') == sum(bool(topic.interview) for topic in topics) > 10
    assert "<details" not in page


def test_each_shipped_topic_has_two_follow_ups_each_with_a_demo(client: TestClient) -> None:
    cards = client.get(SHEET).text.split('class="sheet__card"')[1:]
    for card in cards:
        demos = [html.unescape(href) for href in re.findall(r'href="(/demos/[^"]+)"', card)]
        assert len(demos) == 2
        for href in demos:
            page = client.get(href)
            assert page.status_code == 200
            assert "The default is used instead." not in page.text


def test_the_sheet_leaves_out_topics_without_an_interview_card(ask: Ask, tmp_path: Path) -> None:
    text = re.sub(r"\n +interview: .+", "", plain.PLAIN)
    client = ask(packs=(plain.folder(tmp_path, text),))
    assert 'href="/topics/plain/interview"' not in client.get("/packs/plain").text
    page = client.get("/topics/plain/interview").text
    assert "No topic of this pack has an interview question." in page
    assert 'href="/packs/plain"' in page
