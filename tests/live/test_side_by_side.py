"""Runs of one demo on one axis: played at one press, shown when all are over."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from quiz.app import create_app
from quiz.settings import Settings
from tests.live.players import SCENARIO, write_demo

HTMX = {"HX-Request": "true"}
PRESS = "/demos/sample/side-by-side"
TWICE = """  twice:
    title: Twice
    summary: For a test.
    files: [main.py]
    seconds: 1.0
    environments: [current]
side_by_side: [plain, twice]
"""


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    root = tmp_path / "packs" / "demos"
    root.mkdir(parents=True)
    again = '    if stage.variant == "twice":\n        stage.post("/")\n        stage.settle()\n'
    write_demo(root, scenario=SCENARIO + again, more=TWICE)
    places: dict[str, Any] = {
        "data": settings.data,
        "cache": settings.cache,
        "packs": (tmp_path / "packs",),
    }
    with TestClient(create_app(Settings(**places)), base_url="http://localhost:8000") as client:
        yield client


def test_one_press_runs_each_variant_and_draws_them_on_one_axis(client: TestClient) -> None:
    html = client.post(PRESS, data={"seconds": "0.3"}).text
    assert re.findall(r'<h2 id="side-\d">(\w+)</h2>', html) == ["Plain", "Twice"]
    _, *sections = html.split('<section class="lab"')
    one, other = (re.findall(r'class="tick" x="(.+?)%".*?>(.+?)<', part) for part in sections)
    assert one == other != []
    assert "Background work took" in html
    assert html.count('id="hatch-loop"') == 1


def test_until_all_runs_end_the_page_shows_their_status_and_polls(client: TestClient) -> None:
    answer = client.post(PRESS, data={"seconds": "60"}, follow_redirects=False)
    address = answer.headers["location"]
    html = client.get(address, headers=HTMX).text
    assert f'hx-get="{address}" hx-trigger="every 1s"' in html
    assert html.count('class="state"') == 2
    assert "<figure" not in html


def test_a_second_press_meanwhile_shows_the_same_runs(client: TestClient) -> None:
    first = client.post(PRESS, data={"seconds": "60"}, follow_redirects=False)
    second = client.post(PRESS, data={"seconds": "60"}, follow_redirects=False)
    assert second.headers["location"] == first.headers["location"]


def test_a_learner_can_cancel_only_their_own_runs_side_by_side(
    client: TestClient,
) -> None:
    answer = client.post(PRESS, data={"seconds": "60"}, follow_redirects=False)
    first, second = answer.headers["location"].rpartition("/")[2].split(",")
    assert client.post(f"/runs/{first}/cancel", follow_redirects=False).status_code == 303
    assert client.get(f"/sandbox/runs/{first}").json()["status"] == "cancelled"
    client.cookies.clear()
    client.get("/")
    assert client.post(f"/runs/{second}/cancel").status_code == 403


def test_a_single_run_still_starts_beside_runs_side_by_side(client: TestClient) -> None:
    client.post(PRESS, data={"seconds": "60"}, follow_redirects=False)
    own = client.post("/demos/sample/runs", data={"seconds": "0.05"}, follow_redirects=False)
    assert "Run again" in client.get(own.headers["location"]).text


def test_two_sets_of_values_are_compared_in_words(client: TestClient) -> None:
    both = {"variant": "plain", "seconds": "0.05", "other-variant": "plain", "other-seconds": "0.6"}
    for _ in range(5):
        html = client.post(PRESS, data=both).text
        if "decides nothing" not in html:
            break
    assert '<h2 id="against-1">Plain, It takes 0.05 against Plain, It takes 0.6</h2>' in html
    assert re.search(r"<li>Background work: \d\d ms against 6\d\d ms.</li>", html)
    assert re.search(r"<li>work took \d\d ms against 6\d\d ms.</li>", html)
    assert re.findall(r'<h2 id="side-\d">(.+?)</h2>', html)[1] == "Plain, It takes 0.6"


def test_an_unknown_variant_is_refused_with_a_link_back(client: TestClient) -> None:
    refused = client.post(PRESS, data={"variant": "plain", "other-variant": "twicer"})
    assert refused.status_code == 422
    assert "Did you mean twice?" in refused.text
    assert 'href="/demos/sample"' in refused.text


def test_a_second_pair_is_refused_while_the_first_pair_runs(client: TestClient) -> None:
    first = client.post(PRESS, data={"seconds": "60"}, follow_redirects=False)
    both = {"variant": "plain", "seconds": "0.05", "other-variant": "plain"}
    other = client.post(PRESS, data=both)
    assert other.status_code == 409
    assert f'href="{first.headers["location"]}"' in other.text


def test_runs_of_two_demos_are_not_compared(client: TestClient) -> None:
    ids = []
    for demo in ("sample", "one_request"):
        answer = client.post(f"/demos/{demo}/runs", follow_redirects=False)
        ids.append(answer.headers["location"].rpartition("/")[2])
        client.get(f"/runs/{ids[-1]}")
    refused = client.get(f"/side-by-side/{','.join(ids)}")
    assert refused.status_code == 422
    assert "all of one demo" in refused.text


@pytest.mark.parametrize("ids", ["nobody", "nobody,nowhere"])
def test_an_unknown_run_is_not_found(client: TestClient, ids: str) -> None:
    assert client.get(f"/side-by-side/{ids}").status_code == 404


def test_a_value_out_of_bounds_is_refused_by_name(client: TestClient) -> None:
    refused = client.post(PRESS, data={"seconds": "1000"})
    assert refused.status_code == 422
    assert "seconds" in refused.text
