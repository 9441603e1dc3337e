"""Storing, listing, reading and removing articles over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.catalog import Catalog
from index.encoder import Encoder
from service.app import create_app
from service.build import open_pipelines
from service.settings import Settings
from tests.service.conftest import NOW

ARTICLE = {
    "title": "Flood at Wexcombe",
    "text": "The river Ash rose by two metres on 3 May 2021.\n\nSchools shut for a week.",
    "url": "https://news.example/flood",
    "publisher": "Gazette",
    "published_at": "2021-05-04",
}


@pytest.fixture
def own(empty_settings: Settings, encoder: Encoder) -> Iterator[TestClient]:
    """A client of an empty collection that a test may change."""
    with Catalog.open(empty_settings.data, encoder) as catalog:
        pipelines = open_pipelines(empty_settings, catalog)
        with TestClient(create_app(empty_settings, catalog, pipelines, now=lambda: NOW)) as opened:
            yield opened


def post(client: TestClient, **fields: Any) -> Any:
    return client.post("/v1/articles", json={**ARTICLE, **fields})


def test_a_stored_article_answers_and_a_removed_one_does_not(own: TestClient) -> None:
    question = {"q": "When did the river Ash rise?"}
    assert own.get("/v1/ask", params=question).json()["answerable"] is False
    stored = post(own)
    assert stored.status_code == 201
    assert stored.json()["status"] == "added"
    assert "3 May 2021" in own.get("/v1/ask", params=question).json()["passages"][0]["text"]
    article = own.get(stored.headers["location"]).json()
    assert {name: article[name] for name in ARTICLE} == ARTICLE
    assert article["sha256"] == stored.json()["sha256"]
    assert article["added_at"] == NOW.isoformat()
    assert own.delete(stored.headers["location"]).status_code == 204
    assert own.get("/v1/ask", params=question).json()["passages"] == []
    assert own.delete(stored.headers["location"]).status_code == 404


def test_the_same_again_is_unchanged_and_new_words_replace(own: TestClient) -> None:
    first = post(own)
    same, new = post(own), post(own, text="The river Ash fell again on 5 May 2021.")
    assert (same.status_code, same.json()["status"]) == (200, "unchanged")
    assert (new.status_code, new.json()["status"]) == (200, "replaced")
    assert first.json()["id"] == same.json()["id"] == new.json()["id"]
    assert new.json()["index_generation"] > first.json()["index_generation"]
    passages = own.get("/v1/ask", params={"q": "When did the river rise?"}).json()["passages"]
    assert [p["text"] for p in passages] == ["The river Ash fell again on 5 May 2021."]


def test_without_a_url_the_name_identifies_and_without_a_name_the_words(own: TestClient) -> None:
    one = post(own, url=None, name="mine").json()
    assert post(own, url=None, name="mine", text="Other words.").json() | {"id": one["id"], "status": "replaced"}
    assert post(own, url=None, title="A").json()["id"] != post(own, url=None, title="B").json()["id"]


def test_the_list_is_whole_page_by_page(client: TestClient, catalog: Catalog) -> None:
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 4}
    while True:
        page = client.get("/v1/articles", params=query).json()
        assert len(page["articles"]) <= 4
        assert all("text" not in article for article in page["articles"])
        seen += [article["id"] for article in page["articles"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [article.id for article in catalog.articles()]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": None}, "text"),
        ({"published_at": "May"}, "published_at"),
        ({"body": "x"}, "body"),
        ({"text": "\ud800 lone"}, "text"),
        ({"title": "\ud800 lone"}, "title"),
    ],
)
def test_a_wrong_article_changes_nothing(own: TestClient, fields: dict[str, Any], field: str) -> None:
    body = json.dumps({**ARTICLE, **fields})
    response = own.post("/v1/articles", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422, response.text
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert own.get("/v1/articles").json() == {"articles": [], "next": None}


def test_ten_megabytes_are_the_limit(own: TestClient) -> None:
    assert post(own, text="x" * 10_000_001).status_code == 413
    assert post(own, text="Rain fell." + " " * 1_100_000).status_code == 201


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_id_is_a_problem(client: TestClient, method: str) -> None:
    response = client.request(method, "/v1/articles/no-such")
    assert response.status_code == 404
    assert response.json()["type"] == "/problems/unknown-article"
    assert response.json()["detail"] == "no article has the id 'no-such'"


@pytest.mark.parametrize("query", ["?limit=0", "?limit=201", "?limit=x", "?page=2"])
def test_a_wrong_page_is_a_problem(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/articles{query}").status_code == 422
