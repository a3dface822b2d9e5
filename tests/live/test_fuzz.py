"""Random requests cause no 5xx, do not hang, and leave nothing behind."""

import http.client
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from quiz.runs.engine.environments import Environments
from quiz.settings import Settings
from tests import leaks
from tests.serving import served

SECONDS = 15.0
PACK = "/packs/background-tasks"
FORMS = (
    f"{PACK}/two-tasks-total/attempts",
    f"{PACK}/list-in-order/attempts",
    f"{PACK}/gathered-total/attempts",
    f"{PACK}/two-tasks-total/reveal",
    "/demos/task_order/runs",
    "/runs/nowhere/cancel",
    "/topics/background-tasks/order/interview",
    "/progress/import",
    "/progress/erase",
)
NAMES = st.sampled_from(
    ("answer", "token", "position-a", "variant", "task_a_seconds", "file", "mark", "sure")
)
FIELDS = st.lists(st.tuples(NAMES | st.text(max_size=8), st.text(max_size=40)), max_size=6)
KINDS = st.sampled_from(
    ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "é")
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
QUIETLY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left(environments: Environments) -> Iterator[None]:
    """Of the whole module: a server that lives through many tests makes new spare owners."""
    before = leaks.snapshot()
    yield
    assert leaks.left_since(before) == []


@pytest.fixture(scope="module")
def address(
    nothing_is_left: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int]]:
    """A server whose runs are soon cut short and whose queue has room for all."""
    given = Settings.read(os.environ, data=tmp_path_factory.mktemp("fuzz"), port=0)
    with served(replace(given, run_seconds=0.5, queue_length=10_000)) as found:
        yield found


def test_the_sandbox_api_matches_its_openapi_document(address: tuple[str, int]) -> None:
    host, port = address
    schema = schemathesis.openapi.from_url(f"http://{host}:{port}/sandbox/openapi.json")
    found = list(schema.get_all_operations())
    operations = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(operations) == len(found)
    assert len(operations) >= 6
    for operation in operations:

        @QUIETLY
        @given(case=operation.as_strategy())
        def conforms(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(timeout=SECONDS, checks=CHECKS)

        conforms()


def post(address: tuple[str, int], path: str, body: bytes, kind: str) -> int:
    connection = http.client.HTTPConnection(*address, timeout=SECONDS)
    try:
        connection.putrequest("POST", quote(path, safe="/"))
        connection.putheader("Content-Type", kind.encode())
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.mark.parametrize("path", FORMS)
@QUIETLY
@given(fields=FIELDS, kind=KINDS)
def test_no_form_causes_a_server_error(
    address: tuple[str, int], path: str, fields: list[tuple[str, str]], kind: str
) -> None:
    body = urlencode(fields, errors="surrogatepass").encode()
    assert post(address, path, body, kind) < 500


@pytest.mark.parametrize("path", FORMS)
@QUIETLY
@given(body=st.binary(max_size=300), kind=KINDS)
def test_no_bytes_cause_a_server_error(
    address: tuple[str, int], path: str, body: bytes, kind: str
) -> None:
    assert post(address, path, body, kind) < 500
