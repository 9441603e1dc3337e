"""What holds for every response: ids, headers, problems, metrics, the OpenAPI document."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.catalog import Catalog
from service.app import create_app
from service.problems import KINDS
from service.settings import Settings
from sources.errors import DamagedIndexError

PATHS = ("/", "/articles", "/v1/articles", "/healthz", "/metrics", "/static/style.css", "/nope", "/v1/ask", "/?q=")


class Broken:
    """A pipeline whose every question ends in `error`."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def ask(self, question: object) -> Any:
        raise self.error


def broken_client(settings: Settings, catalog: Catalog, error: Exception) -> TestClient:
    pipelines: Any = {"default": Broken(error), "none": Broken(error)}
    return TestClient(create_app(settings, catalog, pipelines), raise_server_exceptions=False)


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_an_id_and_the_security_headers(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert len(response.headers["x-request-id"]) == 32
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_our_own_failure_is_a_problem_without_a_traceback_but_logged(
    settings: Settings, catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    client = broken_client(settings, catalog, RuntimeError("secret detail"))
    response = client.get("/v1/ask?q=anything")
    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert response.headers["content-security-policy"]
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.json()["request_id"] in caplog.text
    assert "secret detail" in caplog.text
    page = client.get("/?q=anything", headers={"accept": "text/html"})
    assert page.status_code == 500
    assert page.headers["content-type"].startswith("text/html")
    assert "secret" not in page.text


def test_a_damaged_collection_is_unavailable(settings: Settings, catalog: Catalog) -> None:
    response = broken_client(settings, catalog, DamagedIndexError("x is damaged")).get("/v1/ask?q=anything")
    assert response.status_code == 503
    assert response.json()["type"] == "/problems/collection-unavailable"


@pytest.mark.parametrize(
    ("method", "path", "status", "type_"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("PUT", "/v1/ask", 405, "method-not-allowed"),
        ("DELETE", "/v1/articles", 405, "method-not-allowed"),
    ],
)
def test_wrong_paths_and_methods(client: TestClient, method: str, path: str, status: int, type_: str) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"/problems/{type_}"
    assert ("allow" in response.headers) == (status == 405)


@pytest.mark.parametrize("slug", sorted(KINDS))
def test_each_problem_type_is_a_page(client: TestClient, slug: str) -> None:
    page = client.get(f"/problems/{slug}")
    assert page.status_code == 200
    assert KINDS[slug].title in page.text


def test_health_and_readiness(client: TestClient, catalog: Catalog) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["articles"]) == ("ready", catalog.count())


def test_metrics_count_and_have_their_own_registry(app: FastAPI, client: TestClient) -> None:
    def value(name: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    asked = 'quotary_http_requests_total{method="GET",route="/v1/ask",status="200"}'
    requests, answered = value(asked), value("quotary_questions_total")
    client.get("/v1/ask", params={"q": "Who is Sir Alan Wood?"})
    assert value(asked) == requests + 1
    assert value("quotary_questions_total") == answered + 1
    assert value("quotary_articles ") == value("quotary_articles ") > 0
    assert "python_info" not in client.get("/metrics").text
    settings, catalog = app.state.parts.settings, app.state.parts.catalog
    create_app(settings, catalog, app.state.parts.pipelines)


def test_the_openapi_document_describes_the_contract(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert set(document["paths"]) == {
        "/v1/ask",
        "/v1/verify",
        "/v1/articles",
        "/v1/articles/{article_id}",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    schemas = document["components"]["schemas"]
    request = schemas["AskRequest"]
    assert set(request["properties"]) == {"question", "top_k", "filters", "as_of", "highlight", "reader"}
    assert request["additionalProperties"] is False
    assert set(schemas["AskResponse"]["properties"]) >= {"query_id", "answerable", "no_answer", "answers", "passages"}
    responses = document["paths"]["/v1/ask"]["post"]["responses"]
    assert set(responses) == {"200", "413", "415", "422", "503"}
    for status, response in responses.items():
        media = "application/json" if status == "200" else "application/problem+json"
        assert list(response["content"]) == [media], status
    for name in _references(document):
        assert name in schemas


def _references(document: Any) -> set[str]:
    text = json.dumps(document)
    return {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
