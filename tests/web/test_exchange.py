"""The export of a pack in every format, from its page."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from quiz.exchange import WRITERS
from quiz.exchange.decoding import decoded
from quiz.exchange.found import no_progress
from quiz.exchange.readers import READERS
from quiz.packs.catalog import load
from quiz.settings import Settings
from tests.web import plain

PACK = load(Settings()).packs["background-tasks"]
SUFFIXES = [known.suffix for known in WRITERS.values()]


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def test_the_page_of_a_pack_offers_every_export_format(client: TestClient) -> None:
    html = client.get("/packs/plain").text
    offered = re.findall(r'href="/packs/plain/export\.([^"]+)" download', html)
    assert sorted(offered) == sorted(SUFFIXES)
    assert "Take these questions with you" in html


@pytest.mark.parametrize("pack", ["plain", "background-tasks"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_is_downloaded_as_a_file(client: TestClient, pack: str, suffix: str) -> None:
    reply = client.get(f"/packs/{pack}/export.{suffix}")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"] == f'attachment; filename="{pack}.{suffix}"'
    assert "set-cookie" not in reply.headers
    assert len(reply.content) > 500


def test_exported_links_use_the_host_of_the_request(client: TestClient) -> None:
    text = client.get("/packs/plain/export.csv", headers={"Host": "127.0.0.1:9000"}).text
    assert "http://127.0.0.1:9000/packs/plain/pick" in text


def test_exported_files_can_be_imported(client: TestClient) -> None:
    for name, suffix in (("gift", "gift"), ("csv", "csv"), ("moodle", "moodle.xml")):
        text = decoded(client.get(f"/packs/plain/export.{suffix}").content)
        found = READERS[name].read(text, no_progress)
        assert [item.id for item in found.items] == ["pick", "several", "lines", "seconds"]


def test_an_unknown_format_is_refused_with_the_known_formats(client: TestClient) -> None:
    reply = client.get("/packs/plain/export.gifd")
    assert reply.status_code == 404
    assert "Did you mean gift?" in reply.text
    assert client.get("/packs/none/export.gift").status_code == 404


def test_the_page_counts_the_questions_that_no_format_can_hold(client: TestClient) -> None:
    questions = PACK.questions
    without = sum(question.plain() is None for question in questions)
    html = client.get(f"/packs/{PACK.slug}").text
    said = f"Other programs have nothing like {without} of the {len(questions)} questions"
    assert (said in html) is bool(without)
    assert "Other programs have nothing like" not in client.get("/packs/plain").text
