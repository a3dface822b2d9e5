"""A failing database returns 503 with a page at every address, and stores nothing."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from quiz.storage.storage import Storage
from tests.web import plain

ROW = {"token": "t", "pack": "plain", "question": "pick", "kind": "choice", "answer": ["o1"]}
EXPORT = json.dumps({"attempts": [ROW | {"score": 1, "at": "2026-01-01T00:00:00Z"}]})
# Every form that writes, and what it sends.
WRITES: tuple[tuple[str, dict[str, str]], ...] = (
    (f"{plain.PICK}/attempts", plain.RIGHT),
    (f"{plain.PICK}/reveal", {}),
    ("/progress/erase", {"confirm": "yes"}),
    ("/review/spread", {}),
    ("/topics/plain/first/interview", {"mark": "said"}),
    ("/interview", {"length": "5"}),
    (f"{plain.PICK}/room/round", {}),
    (f"{plain.PICK}/room/show", {}),
)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with plain.served(tmp_path, class_=True, teacher="chalk") as client:
        client.headers["Authorization"] = "Bearer chalk"
        client.post(f"{plain.PICK}/room/round")
        plain.answer(client, plain.WRONG)
        yield client


def storage(client: TestClient) -> Storage:
    found: Storage = client.app_state["storage"]
    return found


def refuse_writes(client: TestClient) -> None:
    """Makes the database read-only, like a disk that has become read-only."""
    # All writes share one connection.
    assert client.portal
    client.portal.call(storage(client).database.write, forbid_writes)


def forbid_writes(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA query_only=ON")


@pytest.mark.parametrize(("address", "form"), WRITES, ids=[address for address, _ in WRITES])
def test_a_failed_write_returns_503_and_changes_nothing(
    client: TestClient, tmp_path: Path, address: str, form: dict[str, str]
) -> None:
    before = client.get("/progress/export.json").text
    refuse_writes(client)
    answer = client.post(address, data=form, follow_redirects=False)
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert "We couldn" in answer.text
    assert str(tmp_path) not in answer.text
    assert client.get("/progress/export.json").text == before


def test_a_failed_import_returns_503(client: TestClient) -> None:
    refuse_writes(client)
    files = {"file": ("export.json", EXPORT)}
    answer = client.post("/progress/import", files=files, follow_redirects=False)
    assert answer.status_code == 503


def test_an_interview_that_cannot_be_ended_returns_503_and_stays_open(client: TestClient) -> None:
    begun = client.post("/interview", data={"length": "5"}, follow_redirects=False)
    address = begun.headers["location"]
    refuse_writes(client)
    for action in ("finish", "give-up", "1"):
        assert client.post(f"{address}/{action}", follow_redirects=False).status_code in (422, 503)
    assert client.post(f"{address}/finish", follow_redirects=False).status_code == 503
    assert client.get(address, follow_redirects=False).headers["location"] != "/interview"


@pytest.mark.parametrize("address", ["/", "/progress", "/review", "/progress/export.json", "/room"])
def test_a_failed_read_returns_503_with_a_page(
    client: TestClient, tmp_path: Path, address: str
) -> None:
    with closing(sqlite3.connect(storage(client).database.path)) as file:
        for table in ("attempt", "standing", "day", "round"):
            file.execute(f"ALTER TABLE {table} RENAME TO lost_{table}")
    answer = client.get(address)
    assert (answer.status_code, "We couldn" in answer.text) == (503, True)
    assert str(tmp_path) not in answer.text
