"""Errors: a page with the reason and the remedy, and problem+json under /sandbox."""

import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.testclient import TestClient

from quiz.web.core.http_error import HttpError
from quiz.web.core.request import form
from tests.web.conftest import Ask

router = APIRouter()


@router.get("/fails/{status}")
@router.get("/sandbox/fails/{status}")
async def fail(status: int) -> None:
    if status == 500:
        raise RuntimeError("a secret in a traceback")
    raise HttpError(
        status, "A title", "What <b>was</b> wrong.", "How to mend it.", (("Go on", "/there"),)
    )


@router.get("/breaks/{what}")
async def break_(what: str) -> None:
    raise RuntimeError("of ours")


@router.get("/number")
@router.get("/sandbox/number")
async def number(size: int = Query(ge=1)) -> int:
    return size


@router.post("/form")
async def read(request: Request) -> dict[str, list[str]]:
    fields = await form(request)
    return {name: [str(v) for v in fields.getlist(name)] for name in fields}


@pytest.fixture
def failing(client: TestClient) -> TestClient:
    """The app with routes that fail on purpose."""
    app = client.app
    assert isinstance(app, FastAPI)
    if router.routes[0] not in app.routes:
        app.router.routes.extend(router.routes)
    return client


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 429, 503])
def test_an_error_page_says_what_to_do(failing: TestClient, status: int) -> None:
    answer = failing.get(f"/fails/{status}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    for words in ("A title", "What &lt;b&gt;was&lt;/b&gt; wrong.", "How to mend it.", "Go on"):
        assert words in answer.text
    assert f"/fails/{status}" in answer.text


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422, 429, 500, 503])
def test_an_error_under_sandbox_is_a_problem_document(failing: TestClient, status: int) -> None:
    answer = failing.get(f"/sandbox/fails/{status}")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert (problem["status"], answer.status_code) == (status, status)
    assert problem["instance"] == f"/sandbox/fails/{status}"


def test_a_server_error_is_logged_and_shows_no_traceback(
    failing: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failing.get("/fails/500")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "a secret in a traceback" in caplog.text


def test_the_log_of_a_server_error_contains_no_control_characters_of_the_address(
    failing: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert failing.get("/breaks/%1b[31mred%0aforged%20line").status_code == 500
    assert "/breaks/?[31mred?forged line failed." in caplog.text


def test_an_error_for_a_fragment_replaces_the_whole_page(failing: TestClient) -> None:
    answer = failing.get("/fails/409", headers={"HX-Request": "true"})
    assert answer.headers["hx-retarget"] == "#main"
    assert answer.headers["hx-reselect"] == "#main"
    assert 'id="main"' in answer.text


def test_a_missing_page_is_html_and_a_missing_sandbox_path_is_a_problem(
    failing: TestClient,
) -> None:
    page = failing.get("/nowhere")
    assert (page.status_code, "Nothing is here" in page.text) == (404, True)
    problem = failing.get("/sandbox/a/b/c/d")
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.status_code == 404


def test_a_wrong_method_returns_405_with_the_allowed_methods(failing: TestClient) -> None:
    answer = failing.put("/sandbox")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "GET" in answer.json()["detail"]
    assert failing.put("/healthz").headers["allow"] == "GET, HEAD"
    assert failing.put("/sandbox/runs/x").headers["allow"] == "DELETE, GET"


def test_an_invalid_value_is_named_first(failing: TestClient) -> None:
    assert failing.get("/sandbox/number?size=0").json()["detail"].startswith("size: ")
    page = failing.get("/number?size=many")
    assert page.status_code == 422
    assert "size: " in page.text


def test_all_fields_of_a_form_are_read_unchanged(failing: TestClient) -> None:
    assert failing.post("/form", data={"a": ["1", "ü"], "b": ""}).json() == {
        "a": ["1", "ü"],
        "b": [""],
    }
    assert failing.post("/form", files={"a": (None, "x")}).json() == {"a": ["x"]}
    assert failing.post("/form").json() == {}


@pytest.mark.parametrize(
    "body", [b"a=%ff", b"a=\xff", b"a=%00", b"%00=a", b"&".join([b"a=1"] * 1001)]
)
def test_a_malformed_form_is_refused(failing: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert failing.post("/form", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"nonsense"),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\n\0\r\n--a--\r\n',
        ),
        (
            "multipart/form-data; boundary=a; charset=unicode_escape",
            b'--a\r\nContent-Disposition: form-data; name="x"\r\n\r\n\\ud800\r\n--a--\r\n',
        ),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data\r\n\r\nx"),
    ],
)
def test_a_broken_upload_is_refused(failing: TestClient, kind: str, body: bytes) -> None:
    answer = failing.post("/form", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 422


def test_a_body_over_the_limit_is_refused(ask: Ask) -> None:
    client = ask(body_bytes=1000)
    assert client.post("/sandbox/task_order/runs", content=b"x" * 1001).status_code == 413
    page = client.post("/nowhere", content=b"x" * 1001)
    assert (page.status_code, "1000 bytes" in page.text) == (413, True)
    assert client.post("/nowhere", content=b"x" * 1000).status_code == 404


def test_only_the_import_has_its_own_limit(ask: Ask) -> None:
    client = ask(body_bytes=1000, import_bytes=2000)
    page = client.post("/progress/import", content=b"x" * 2001)
    assert (page.status_code, "2000 bytes" in page.text) == (413, True)
    assert "QUIZ_IMPORT_BYTES" in page.text
    assert client.post("/progress/import", content=b"x" * 2000).status_code == 422
    assert client.post("/progress/erase", content=b"x" * 1001).status_code == 413


def test_a_body_without_a_length_has_the_same_limit(ask: Ask) -> None:
    client = ask(body_bytes=1000)
    assert client.post("/nowhere", content=iter([b"x" * 600] * 2)).status_code == 413
    assert client.post("/nowhere", content=iter([b"x" * 500] * 2)).status_code == 404


@pytest.mark.parametrize("length", ["many", "-1", "1e3", "", "9" * 400])
def test_a_content_length_that_is_not_a_number_is_refused(client: TestClient, length: str) -> None:
    headers = {"Content-Length": length}
    answer = client.post("/sandbox/task_order/runs", content=b"{}", headers=headers)
    assert answer.status_code == (413 if length.isdigit() else 400)
