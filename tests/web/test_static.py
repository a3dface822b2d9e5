"""Static files: cached for ever if their address contains a hash. Vendored files are unmodified."""

import base64
import hashlib
import re
from pathlib import Path

from fastapi.testclient import TestClient

from quiz.registry import SHIPPED
from quiz.web.core.static_files import StaticFiles
from tests.web.conftest import Ask

VENDOR = SHIPPED / "static" / "vendor"


def addresses(client: TestClient) -> list[str]:
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/docs").text)


def test_every_static_file_of_a_page_exists_and_is_cached_for_ever(client: TestClient) -> None:
    named = addresses(client)
    assert any("htmx.min.js" in address for address in named)
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


def test_a_static_file_without_a_hash_is_revalidated(client: TestClient) -> None:
    first = client.get("/static/css/tokens.css")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/static/css/tokens.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_text_is_sent_compressed(client: TestClient) -> None:
    answer = client.get("/static/css/tokens.css", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    plain = client.get("/static/css/tokens.css", headers={"Accept-Encoding": "identity"})
    assert answer.text == plain.text


def test_types_do_not_depend_on_the_machine(client: TestClient) -> None:
    types = {
        "/static/favicon.svg": "image/svg+xml",
        "/static/css/tokens.css": "text/css; charset=utf-8",
        "/static/vendor/htmx.min.js": "text/javascript; charset=utf-8",
    }
    for address, expected in types.items():
        assert client.get(address).headers["content-type"] == expected


def test_no_file_outside_the_static_folder_is_served(client: TestClient) -> None:
    for path in (
        "../quiz/app.py",
        "..%2Fquiz/app.py",
        "%2e%2e/quiz/app.py",
        "",
        "css",
        "/etc/passwd",
    ):
        assert client.get(f"/static/{path}").status_code == 404


def test_an_edited_file_has_another_address(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = StaticFiles(tmp_path, reload=False).address("a.css")
    (tmp_path / "a.css").write_text("b {}")
    assert StaticFiles(tmp_path, reload=False).address("a.css") != before


def test_under_reload_an_edited_file_is_sent_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    files = StaticFiles(tmp_path, reload=True)
    (tmp_path / "a.css").write_text("b {}")
    found = files.find("a.css")
    assert found is not None
    assert found[0].body == b"b {}"


def test_vendored_files_are_unmodified() -> None:
    sums = dict(
        re.findall(r"\| `([\w.-]+)` \| `([\w+/=]+)` \|", (VENDOR / "README.md").read_text())
    )
    assert set(sums) == {file.name for file in VENDOR.glob("*.js")}
    for name, expected in sums.items():
        digest = hashlib.sha384((VENDOR / name).read_bytes()).digest()
        assert base64.b64encode(digest).decode() == expected, name


def test_a_first_visit_is_small_and_loads_no_other_site(ask: Ask) -> None:
    client = ask()
    page = client.get("/").text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.split("<main")[0])
    total = 0
    for address in ["/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', page)]:
        with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
            total += len(b"".join(answer.iter_raw()))
    assert total <= 60_000


def test_the_schema_of_a_pack_is_served(client: TestClient) -> None:
    answer = client.get("/schema/pack.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json()["$schema"] == "http://json-schema.org/draft-07/schema#"
