"""The OpenAPI document: valid, complete, and what it says is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import validator_for

from tests.web.api.conftest import LOCAL, Api, opened

OPEN = {
    "POST /api/session",
    "POST /api/session/invitation",
    "POST /api/session/welcome",
}
"""Where one comes without anything."""
OPENAPI_META = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {"openapi": {"pattern": r"^3\.1\."}},
}


@pytest.fixture(scope="module")
def document(shared: Api) -> dict[str, Any]:
    answer = shared.get("/api/openapi.json", None)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_the_document_has_the_form_of_openapi(document: dict[str, Any]) -> None:
    assert validator_for(OPENAPI_META).is_valid(document)
    schemas = document["components"]["schemas"]
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas
    for schema in schemas.values():
        validator_for(schema | {"components": document["components"]})


def test_every_operation_says_what_it_does_and_gives(document: dict[str, Any]) -> None:
    names = []
    for place, operation in _operations(document):
        names.append(operation["operationId"])
        assert operation["description"], place
        assert operation["tags"], place
        for parameter in operation.get("parameters", ()):
            described = {
                "limit",
                "source",
                "reason",
                "preset",
                "merge_id",
                "command_id",
                "job_id",
                "name",
            }
            assert parameter.get("description") or parameter["name"] in described, (
                place,
                parameter,
            )
        good = [code for code in operation["responses"] if code.startswith("2")]
        assert good, place
        if place.split()[1].startswith("/api"):
            assert {"401", "403", "4XX", "503"} <= set(operation["responses"]), place
            session = place.split()[1].startswith("/api/session")
            ways = operation.get("security", [])
            assert {"session": []} in ways or place in OPEN, place
            assert ({"token": []} in ways) is not session, place
    assert len(names) == len(set(names))


def test_there_is_no_page_that_loads_from_elsewhere(shared: Api) -> None:
    for path in ("/docs", "/redoc", "/api/docs"):
        # Ours, where the pages are built: no documentation that a framework brings along.
        told = shared.get(path, None)
        assert "swagger" not in told.text
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", told.text)


def test_no_request_breaks_the_api(tmp_path_factory: pytest.TempPathFactory) -> None:
    with opened(tmp_path_factory.mktemp("any")) as api:
        schema = schemathesis.openapi.from_dict(api.app.openapi())
        for result in schema.get_all_operations():
            operation = result.ok()

            @settings(
                max_examples=6,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def send(case: Any) -> None:
                arguments = case.as_transport_kwargs(base_url="http://127.0.0.1")
                sent = {
                    name: arguments.get(name)
                    for name in ("params", "headers", "json", "content")
                    if arguments.get(name)
                }
                cookies = "; ".join(f"{k}={v}" for k, v in (arguments.get("cookies") or {}).items())
                if cookies:
                    told = {**sent.get("headers", {}), "Cookie": cookies}
                    sent["headers"] = [(k.encode(), v.encode()) for k, v in told.items()]
                answer = api.send(case.method, case.formatted_path, LOCAL, **sent)
                assert answer.status_code < 500, (case.method, answer.text)
                if answer.status_code >= 400:
                    assert answer.headers["content-type"] == "application/problem+json"
                    assert answer.json()["status"] == answer.status_code

            send()
