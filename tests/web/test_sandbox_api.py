"""The JSON API without runs: refused requests, and its OpenAPI document."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from quiz.demos.system_programs import PROGRAMS
from quiz.runs.run import Run
from quiz.runs.serialization import run_json
from quiz.web.features.api import models, openapi_routes, sandbox_routes
from quiz.web.features.api.openapi_routes import document
from tests.live.players import write_demo
from tests.web.conftest import Ask
from tests.web.programs import needing_an_abacus

START = "/sandbox/task_order/runs"


def detail(client: TestClient, body: Any, address: str = START) -> tuple[int, str]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(address, content=content)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, str(answer.json()["detail"])


def test_every_demo_is_listed_with_its_parameters_and_variants(client: TestClient) -> None:
    demos = {demo["name"]: demo for demo in client.get("/sandbox").json()["demos"]}
    order = demos["task_order"]
    assert set(order["parameters"]["properties"]) == {"task_a_seconds", "task_b_seconds"}
    bounds = order["parameters"]["properties"]["task_a_seconds"]
    assert bounds["type"] == "number"
    assert bounds["minimum"] < bounds["default"] < bounds["maximum"]
    variant = order["variants"][0]
    assert {"name", "title", "environments", "available", "needs", "seconds"} <= set(variant)


def test_an_error_starts_with_the_name_of_the_parameter(client: TestClient) -> None:
    wrong: tuple[tuple[object, str], ...] = (
        (99, "must"),
        ("2", "a text"),
        (True, "true"),
        (None, "null"),
        ([], "list"),
    )
    for value, words in wrong:
        status, text = detail(client, {"parameters": {"task_a_seconds": value}})
        assert status == 422
        assert text.startswith("task_a_seconds: ")
        assert words in text


def test_a_wrong_name_is_refused_with_the_nearest(client: TestClient) -> None:
    assert detail(client, {"parameters": {"task_a_second": 1}})[1].endswith("task_a_seconds?")
    assert detail(client, {"variant": "gatherd"})[1].startswith("variant: ")
    assert "gathered" in detail(client, {"variant": "gatherd"})[1]
    assert detail(client, {"environment": "curent"})[1].startswith("environment: ")
    status, text = detail(client, {}, "/sandbox/task_ordr/runs")
    assert (status, "task_order" in text) == (404, True)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"{", "body"),
        (b"\xff", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b"1", "body"),
        (b"[" * 100_000, "body"),
        (b'{"parameters": {"task_a_seconds": NaN}}', "body"),
        (b'{"parameters": {"task_a_seconds": 1e999}}', "task_a_seconds"),
        (b'{"parameters": {"task_a_seconds": ' + b"9" * 5000 + b"}}", "body"),
        (b'{"parameters": {"task_a_seconds": ' + b"9" * 500 + b"}}", "task_a_seconds"),
        (b'{"variant": "\\ud800"}', "body"),
        (b'{"variant": "\\u0000"}', "variant"),
        (b'{"variant": 1}', "variant"),
        (b'{"environment": []}', "environment"),
        (b'{"parameters": []}', "parameters"),
        (b'{"parameters": {"\\u0000": 1}}', "\0"),
        (b'{"Variant": "gathered"}', "Variant"),
    ],
)
def test_an_invalid_body_is_refused(client: TestClient, body: bytes, name: str) -> None:
    status, text = detail(client, body)
    assert (status, text.partition(": ")[0]) == (422, name)


@pytest.mark.parametrize("path", ["", "/events", "/trace"])
def test_an_unknown_run_returns_404(client: TestClient, path: str) -> None:
    answer = client.get(f"/sandbox/runs/unknown{path}")
    assert (answer.status_code, "unknown" in answer.json()["detail"]) == (404, True)
    assert client.delete("/sandbox/runs/unknown").status_code == 404


def test_a_missing_environment_returns_409_with_the_command(ask: Ask, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    (pack / "demos").mkdir(parents=True)
    folder = write_demo(pack / "demos") / "sample"
    yaml = (folder / "demo.yaml").read_text().replace("[current]", "[missing]")
    (folder / "demo.yaml").write_text(yaml)
    client = ask(packs=(pack,))
    assert detail(client, {}, "/sandbox/sample/runs")[0] == 409
    sample = next(d for d in client.get("/sandbox").json()["demos"] if d["name"] == "sample")
    assert sample["variants"][0]["available"] is False
    assert "missing" in sample["variants"][0]["needs"]


def test_a_missing_program_returns_409_with_the_command(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = ask(packs=(needing_an_abacus(tmp_path, monkeypatch),))
    said = f"Abacus is not installed here. Type: {PROGRAMS['abacus-server'].command}"
    assert detail(client, {}, "/sandbox/sample/runs") == (409, said)
    sample = next(d for d in client.get("/sandbox").json()["demos"] if d["name"] == "sample")
    (variant,) = sample["variants"]
    assert (variant["available"], variant["needs"], variant["seconds"]) == (False, said, 3.5)


def test_the_description_names_every_route_and_no_other(client: TestClient) -> None:
    described = client.get("/sandbox/openapi.json").json()
    routes = {
        (route.path, method.lower())
        for route in (*sandbox_routes.router.routes, *openapi_routes.router.routes)
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert {(path, m) for path, methods in described["paths"].items() for m in methods} == routes
    demos = {demo["name"] for demo in client.get("/sandbox").json()["demos"]}
    (demo,) = described["paths"]["/sandbox/{demo}/runs"]["post"]["parameters"][:1]
    assert set(demo["schema"]["enum"]) == demos


def test_every_reference_of_the_description_can_be_resolved() -> None:
    whole = document([])
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(whole)):
        found: Any = whole
        for step in reference.split("/"):
            found = found[step]


def test_the_models_describe_every_key_of_a_run() -> None:
    run = Run(
        id="a",
        demo="task_order",
        variant="one_by_one",
        environment="current",
        parameters={},
        seconds=1.0,
        memory_mb=1,
        created=datetime.now(UTC),
        source={},
        functions=(),
    )
    assert set(run_json(run)) == set(models.Run.model_fields)
    models.Run.model_validate(run_json(run))


def test_every_key_of_the_description_is_explained() -> None:
    schemas = document([])["components"]["schemas"]
    assert {"Run", "Span", "Event", "RunRequest", "BreakRequest", "Problem"} <= set(schemas)
    for name, schema in schemas.items():
        assert schema["description"], name
        for key, value in schema["properties"].items():
            assert value.get("description"), f"{name}.{key}"


def test_every_error_of_the_description_is_a_problem_document() -> None:
    for operations in document([])["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                is_error = not status.startswith("2")
                assert ("application/problem+json" in answer.get("content", {})) == is_error


def test_a_body_is_read_with_any_content_type(client: TestClient) -> None:
    body = json.dumps({"parameters": {"task_a_seconds": 99}})
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        answer = client.post(START, content=body, headers={"Content-Type": kind})
        assert answer.status_code == 422
        assert answer.json()["detail"].endswith("not 99")


def test_the_page_of_the_description_needs_no_script(client: TestClient) -> None:
    page = client.get("/docs").text
    for words in ("/sandbox/{demo}/runs", "Last-Event-ID", "task_a_seconds", "curl -sS"):
        assert words in page
    assert "style=" not in page
    assert "<script>" not in page
