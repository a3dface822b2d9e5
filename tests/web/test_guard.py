"""Rules for every request: headers, hosts, writes from other sites, the cookie and the code."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from quiz.web.core.access_code import GUESSES
from tests.web.conftest import Ask

ADDRESSES = ("/healthz", "/sandbox", "/docs", "/nowhere", "/static/favicon.svg", "/sandbox/runs/x")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_has_the_security_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert {"frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(
        policy.split("; ")
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1", "127.8.8.8:1", "[::1]:8000", "a.localhost"]
)
def test_loopback_host_names_are_accepted(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.0.0.1", "localhost:8000/x", "", "a b"]
)
def test_an_unknown_host_name_is_refused_and_named(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code == 403
    assert "QUIZ_ALLOWED_HOSTS" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_configured_host_name_is_accepted(ask: Ask) -> None:
    client = ask(allowed_hosts=("Quiz.example",))
    assert client.get("/healthz", headers={"Host": "quiz.example:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "none"}, 404),
        ({"Origin": "http://localhost:8000"}, 404),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 404),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8000"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:9000"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_only_pages_of_the_app_can_write(
    client: TestClient, method: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, "/nowhere", headers=headers)
    assert answer.status_code == status
    # A foreign form comes without the learner's cookie: a new one would replace it.
    assert ("set-cookie" in answer.headers) is (status != 403)


def test_a_page_of_another_site_can_link_to_the_app(client: TestClient) -> None:
    assert client.get("/docs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_the_first_page_sets_one_cookie(client: TestClient) -> None:
    cookie = client.get("/docs").headers["set-cookie"]
    assert re.fullmatch(
        r"learner=[\w-]{43}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", cookie
    )
    assert "set-cookie" not in client.get("/docs").headers


def test_over_https_the_cookie_is_secure(client: TestClient) -> None:
    assert client.get("https://localhost/docs").headers["set-cookie"].endswith("; Secure")
    client.cookies.clear()
    behind_a_proxy = client.get("/docs", headers={"X-Forwarded-Proto": "https"})
    assert behind_a_proxy.headers["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize("address", ["/healthz", "/sandbox", "/static/favicon.svg", "/sandbox/x"])
def test_only_pages_set_a_cookie(client: TestClient, address: str) -> None:
    assert "set-cookie" not in client.get(address).headers


@pytest.mark.parametrize("value", ["", "short", "x" * 44, "ü" * 43, "a" * 43 + ".b"])
def test_a_malformed_cookie_counts_as_none(client: TestClient, value: str) -> None:
    answer = client.get("/docs", headers={b"Cookie": f"learner={value}".encode()})
    assert "set-cookie" in answer.headers


def test_a_cookie_is_found_among_others(client: TestClient) -> None:
    answer = client.get("/docs", headers={"Cookie": f"a=b; learner={'a' * 43}; c=d"})
    assert "set-cookie" not in answer.headers


def test_a_nul_in_an_address_is_refused(client: TestClient) -> None:
    assert client.get("/docs?a=%00").status_code == 400
    assert client.get("/sandbox/runs/%00").status_code == 400


def test_the_code_is_required_on_every_page(ask: Ask) -> None:
    client = ask(code="sesame")
    answer = client.get("/docs?a=1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/code?next=%2Fdocs%3Fa%3D1")
    assert client.get("/sandbox").status_code == 403
    assert client.post("/demos/x/runs").status_code == 403
    assert client.get("/docs", headers={"HX-Request": "true"}).status_code == 403
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/favicon.svg").status_code == 200


def test_the_right_code_opens_the_app_and_keeps_the_learner(ask: Ask) -> None:
    client = ask(code="sesame")
    client.get("/docs")
    before = client.cookies["learner"]
    wrong = client.post("/code", data={"code": "nonsense", "next": "/docs"})
    assert wrong.status_code == 422
    assert client.get("/docs", follow_redirects=False).status_code == 303
    right = client.post("/code", data={"code": " sesame ", "next": "/docs"}, follow_redirects=False)
    assert (right.status_code, right.headers["location"]) == (303, "/docs")
    assert client.cookies["learner"].split(".")[0] == before
    assert client.get("/docs", follow_redirects=False).status_code == 200
    assert client.get("/sandbox").status_code == 200


def test_after_a_change_the_code_is_required_again(ask: Ask, tmp_path: Path) -> None:
    client = ask(code="sesame")
    client.post("/code", data={"code": "sesame"}, follow_redirects=False)
    other = ask(code="another", data=tmp_path / "other")
    other.cookies = client.cookies
    assert other.get("/docs", follow_redirects=False).status_code == 303


def test_a_tool_can_send_the_code_as_a_header(ask: Ask) -> None:
    client = ask(code="sesame")
    assert client.get("/sandbox", headers={"Authorization": "Bearer sesame"}).status_code == 200
    assert client.get("/sandbox", headers={"Authorization": "Bearer other"}).status_code == 403


def test_attempts_to_guess_the_code_are_limited_across_all_addresses(ask: Ask) -> None:
    client = ask(code="sesame")
    for place in range(GUESSES):
        assert guess(client, f"10.0.0.{place}") == 422
    assert guess(client, "10.0.1.1") == 429
    answer = client.post("/code", data={"code": "guess"})
    assert int(answer.headers["retry-after"]) > 0


def test_the_right_code_is_accepted_after_any_number_of_wrong_codes(ask: Ask) -> None:
    client = ask(code="sesame")
    for _ in range(GUESSES + 5):
        guess(client, "testclient")
    answer = client.post("/code", data={"code": "sesame"}, follow_redirects=False)
    assert answer.status_code == 303
    tool = {"Authorization": "Bearer sesame"}
    assert client.get("/sandbox", headers=tool).status_code == 200


def guess(client: TestClient, address: str) -> int:
    """The status of a wrong code sent from this address."""
    other = TestClient(client.app, client=(address, 1), base_url="http://localhost:8000")
    return other.post("/code", data={"code": "guess"}).status_code


@pytest.mark.parametrize("goal", ["//evil.example", "/\\evil.example", "https://evil.example", "x"])
def test_the_code_page_never_redirects_to_another_site(ask: Ask, goal: str) -> None:
    answer = ask(code="sesame").post(
        "/code", data={"code": "sesame", "next": goal}, follow_redirects=False
    )
    assert answer.headers["location"] == "/"


def test_without_a_code_there_is_no_code_page(client: TestClient) -> None:
    assert client.get("/code").status_code == 404
