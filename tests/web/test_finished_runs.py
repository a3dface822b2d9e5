"""Pages of finished runs, from their stored records: nothing runs."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from quiz.packs.files import FIRST_RUN
from quiz.runs import serialization
from quiz.runs.run import Run
from quiz.storage.storage import Storage

RECORDED = serialization.load(FIRST_RUN.read_text(encoding="utf-8"))
HTMX = {"HX-Request": "true"}

Store = Callable[[], str]


async def put(storage: Storage, run: Run) -> None:
    await storage.runs.add(serialization.row(run))
    record, ended = serialization.dump(run), datetime.now(UTC)
    await storage.runs.update(run.id, status=run.status, ended=ended, record=record)


@pytest.fixture
def store(client: TestClient) -> Store:
    """Stores the recorded run again, and returns its new id."""

    def stored() -> str:
        run = replace(RECORDED, id=secrets.token_hex(8))
        assert client.portal
        client.portal.call(put, client.app_state["storage"], run)
        return run.id

    return stored


def test_the_page_of_a_run_shows_its_timeline_its_facts_and_a_button(
    client: TestClient, store: Store
) -> None:
    page = client.get(f"/runs/{store()}").text
    assert page.count('<figure class="timeline"') == 1
    assert "Run again" in page
    assert "All facts" in page


def test_a_selected_span_shows_its_details_and_marks_its_function(
    client: TestClient, store: Store
) -> None:
    id = store()
    page, selected = client.get(f"/runs/{id}").text, client.get(f"/runs/{id}?span=2").text
    hidden = '<div class="chosen" data-chosen hidden>'
    assert (hidden in page, hidden in selected) == (True, False)
    assert "is-chosen" in selected
    assert "is-chosen" not in page


def test_the_stream_of_a_finished_run_sends_everything_once_and_ends(
    client: TestClient, store: Store
) -> None:
    text = client.get(f"/runs/{store()}/live").text
    assert text.count("event: done") == 1
    for target in ("#run-code", "#run-record", "#run-foot", "#status"):
        assert f'hx-target="{target}"' in text


def test_runs_side_by_side_share_one_axis_and_name_their_number(
    client: TestClient, store: Store
) -> None:
    address = f"/side-by-side/{store()},{store()}"
    page = client.get(address).text
    assert page.count('<figure class="timeline"') == 2
    assert "2 runs on one axis" in page
    assert page.count('id="hatch-loop"') == 1
    assert client.get(address, headers=HTMX).text in page


def test_an_invalid_prediction_in_the_address_is_refused(client: TestClient, store: Store) -> None:
    assert client.get(f"/runs/{store()}?predicted=nonsense").status_code == 422
