"""The link that restores a learner: it needs a button press and shows no answers of others."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.web import plain


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with plain.served(tmp_path_factory.mktemp("app")) as client:
        yield client


def link(client: TestClient) -> str:
    page = client.post("/progress/link")
    found = re.search(r'value="(http://localhost:8000/recover/[\w-]{43})"', page.text)
    assert found
    assert page.headers["cache-control"] == "private, no-store"
    return found[1].removeprefix("http://localhost:8000")


def attempts(client: TestClient) -> list[str]:
    return [one["question"] for one in client.get("/progress/export.json").json()["attempts"]]


def test_a_learner_without_cookie_returns_with_one_press(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    kept = link(client)
    client.cookies.clear()
    assert attempts(client) == []
    page = client.get(kept)
    assert "Go on as that learner" in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    # Looked at only, it changes nothing.
    assert attempts(client) == []
    assert client.post(kept).url.path == "/progress"
    assert attempts(client) == ["pick"]
    assert "You are here already." in client.get(kept).text


def test_an_erased_or_invented_link_restores_no_learner(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    kept = link(client)
    client.post("/progress/erase", data={"confirm": "yes"})
    for path in (kept, f"/recover/{'a' * 43}", "/recover/short"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    # Nor does it find what is answered afterwards.
    plain.answer(client, plain.RIGHT)
    assert client.get(kept).status_code == 404


def test_a_visitor_without_answers_gets_no_link(client: TestClient) -> None:
    assert client.post("/progress/link").status_code == 409


def test_the_page_of_progress_offers_a_recovery_link(client: TestClient) -> None:
    plain.answer(client, plain.RIGHT)
    assert 'action="/progress/link"' in client.get("/progress").text


def test_a_learner_with_only_a_self_assessment_can_be_restored(client: TestClient) -> None:
    client.post("/topics/plain/first/interview", data={"mark": "said"})
    kept = link(client)
    client.cookies.clear()
    assert "Go on as that learner" in client.get(kept).text
