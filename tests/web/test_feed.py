"""The feed, read by a feed reader."""

import re
from collections.abc import Iterator
from typing import Any

import feedparser
import pytest
from fastapi.testclient import TestClient

from tests.web import plain
from tests.web.conftest import Ask

DATED = plain.PLAIN.replace("title: A plain pack", "title: A plain pack\nsince: 2026-11-01", 1)
DATED = DATED.replace("- id: pick", "- id: pick\n    since: 2026-11-12", 1)


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("app")
    with plain.served(folder, DATED) as client:
        yield client


def read(client: TestClient, **headers: str) -> Any:
    reply = client.get("/feed.atom", headers=headers)
    assert reply.headers["content-type"] == "application/atom+xml"
    found = feedparser.parse(reply.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def plain_entries(found: Any) -> list[Any]:
    return [entry for entry in found.entries if "/packs/plain" in entry.link]


def test_a_feed_reader_finds_the_pack_and_its_new_question(client: TestClient) -> None:
    found = read(client)
    assert found.version == "atom10"
    question, pack = plain_entries(found)
    assert (question.title, question.updated) == (
        "Which one of these is right?",
        "2026-11-12T00:00:00+00:00",
    )
    assert question.summary == "The first topic · A plain pack"
    assert (pack.title, pack.published) == (
        "A new pack: A plain pack",
        "2026-11-01T00:00:00+00:00",
    )
    assert found.feed.updated == found.entries[0].updated


def test_feed_links_use_the_host_of_the_request_and_lead_to_pages(client: TestClient) -> None:
    found = read(client, Host="127.0.0.1:9000")
    links = {entry.link for entry in found.entries}
    assert "http://127.0.0.1:9000/packs/plain/pick" in links
    assert [link.href for link in found.feed.links if link.rel == "self"] == [
        "http://127.0.0.1:9000/feed.atom"
    ]
    for link in links:
        assert client.get(link.replace("127.0.0.1:9000", "localhost:8000")).status_code == 200


def test_feed_ids_are_unique_and_the_same_on_every_host(client: TestClient) -> None:
    here, there = read(client), read(client, Host="127.0.0.1:9000")
    ids = [entry.id for entry in here.entries]
    assert ids == [entry.id for entry in there.entries]
    assert len({*ids, here.feed.id}) == len(ids) + 1
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", id) for id in ids)


def test_an_unchanged_feed_returns_304(client: TestClient) -> None:
    first = client.get("/feed.atom")
    for header, given in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        again = client.get("/feed.atom", headers={header: first.headers[given]})
        assert (again.status_code, again.content) == (304, b"")
    old = {"If-None-Match": '"another"', "If-Modified-Since": first.headers["last-modified"]}
    assert client.get("/feed.atom", headers=old).status_code == 200
    odd = {"If-Modified-Since": "yesterday"}
    assert client.get("/feed.atom", headers=odd).status_code == 200


def test_the_first_page_links_the_feed_for_programs_and_for_people(client: TestClient) -> None:
    html = client.get("/").text
    assert '<link rel="alternate" type="application/atom+xml"' in html
    assert '<a href="/feed.atom">' in html


def test_the_shipped_pack_is_in_the_feed(ask: Ask) -> None:
    titles = [entry.title for entry in read(ask()).entries]
    assert "A new pack: Background tasks in FastAPI" in titles
