"""The question API over the real pipeline: the contract, field by field, and every way to ask wrongly."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from index.catalog import Catalog
from service.responses import AskResponse

QUESTION = "How many tickets did the Quenchford circus sell?"
PROBLEM = "application/problem+json"


def ask(client: TestClient, **body: Any) -> Any:
    response = client.post("/v1/ask", json={"question": QUESTION, **body})
    assert response.status_code == 200, response.text
    return response.json()


def test_the_response_has_the_contracts_shape_and_every_quote_holds(client: TestClient, catalog: Catalog) -> None:
    body = ask(client)
    TypeAdapter(AskResponse).validate_python(body, strict=True)
    assert body["query_id"]
    assert body["answerable"]
    assert body["no_answer"] is None
    for answer in body["answers"]:
        text = catalog.article(answer["article_id"]).text
        assert text[answer["start"] : answer["end"]] == answer["quote"]
        sentence, context = answer["sentence"], answer["context"]
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
        assert f"{context['before']}{answer['quote']}{context['after']}" in text
        assert answer["offset_unit"] == "codepoint"
        assert answer["article_sha256"] == catalog.article(answer["article_id"]).sha256
    for rank, passage in enumerate(body["passages"], 1):
        assert passage["rank"] == rank
        assert catalog.article(passage["article_id"]).text[passage["start"] : passage["end"]] == passage["text"]
        for mark in passage["highlights"]:
            assert passage["start"] <= mark["start"] < mark["end"] <= passage["end"]
    assert body["timing_ms"]["total"] > 0
    assert body["index_generation"] == catalog.snapshot().generation


def test_the_right_passage_comes_first_with_its_source_and_links(client: TestClient) -> None:
    first = ask(client)["passages"][0]
    assert "41,000 tickets" in first["text"]
    source = first["source"]
    assert source["publisher"] == "Circus Gazette"
    assert source["published_at"] == "2020-01-02"
    assert source["deep_link"].startswith("https://news.example/quenchford?a=1#top:~:text=")
    assert source["local_link"].startswith(f"/articles/{first['article_id']}?start=")
    assert client.get(source["local_link"]).status_code == 200


def test_a_link_that_is_script_is_never_a_deep_link(client: TestClient) -> None:
    body = ask(client, question="What did the zorbian minister do?")
    sources = [p["source"] for p in body["passages"] if "zorbian" in p["text"]]
    assert sources
    assert all(source["deep_link"] is None for source in sources)


def test_an_unanswerable_question_is_refused_with_the_nearest_passages(client: TestClient) -> None:
    body = ask(client, question="Who won the 1998 football world cup final in Paris?")
    assert not body["answerable"]
    assert body["answers"] == []
    assert body["no_answer"]["confidence"] < body["no_answer"]["threshold"]
    assert body["no_answer"]["reason"]
    assert body["passages"]


def test_get_and_post_give_the_same(client: TestClient) -> None:
    query: dict[str, str | int] = {
        "q": QUESTION,
        "top_k": 3,
        "publisher": "circus gazette",
        "published_to": "2020-12-31",
        "reader": "none",
    }
    got = client.get("/v1/ask", params=query).json()
    filters = {"publisher": ["circus gazette"], "published_to": "2020-12-31"}
    posted = ask(client, top_k=3, filters=filters, reader="none")
    for body in (got, posted):
        for name in ("query_id", "timing_ms"):
            del body[name]
    assert got == posted
    assert {p["source"]["publisher"] for p in got["passages"]} == {"Circus Gazette"}


def test_filters_highlight_top_k_and_reader(client: TestClient) -> None:
    inspectors = {"question": "What did the inspectors find?"}
    assert len(ask(client, **inspectors, top_k=1)["passages"]) == 1
    assert all(not p["highlights"] for p in ask(client, highlight=False)["passages"])
    one = ask(client, **inspectors)["passages"][0]["article_id"]
    body = ask(client, **inspectors, filters={"article_ids": [one]})
    assert {p["article_id"] for p in body["passages"]} == {one}
    assert ask(client, filters={"published_from": "2031-01-01"})["passages"] == []
    assert ask(client, as_of="2019-01-01")["passages"] == []
    assert ask(client, reader="none")["models"] != ask(client)["models"]


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"question": ""}, "question", "empty"),
        ({"question": " \n "}, "question", "empty"),
        ({"question": "x" * 10_000}, "question", "10,000 characters; at most 1,000"),
        ({"question": "who\u0007?"}, "question", "control character U+0007"),
        ({"question": "?!"}, "question", "no letter or digit"),
        ({"question": 5}, "question", "5 is not a string"),
        ({"question": None}, "question", "None is not a string"),
        ({}, "question", "is missing"),
        ({"question": "q", "top_k": "5"}, "top_k", "'5' is not a whole number"),
        ({"question": "q", "top_k": 0}, "top_k", "give 1 to 50"),
        ({"question": "q", "top_k": 51}, "top_k", "give 1 to 50"),
        ({"question": "q", "top_k": True}, "top_k", "True is not a whole number"),
        ({"question": "q", "highlight": "no"}, "highlight", "'no' is not true or false"),
        ({"question": "q", "reader": "gpt"}, "reader", "'default' or 'none'"),
        ({"question": "q", "as_of": "yesterday"}, "as_of", "'yesterday' is not a day; write it as 2022-02-28"),
        ({"question": "q", "as_of": 5}, "as_of", "5 is not a day"),
        ({"question": "q", "as_of": "2022-02-30"}, "as_of", "is not a day"),
        ({"question": "q", "filters": []}, "filters", "[] is not a JSON object"),
        ({"question": "q", "filters": {"publisher": "BBC"}}, "filters.publisher", "'BBC' is not a list"),
        (
            {"question": "q", "filters": {"publishers": []}},
            "filters.publishers",
            "the fields are publisher, published_",
        ),
        ({"question": "q", "topk": 5}, "topk", "no such field; the fields are question, top_k"),
        (
            {"question": "q", "filters": {"published_from": "2022-02-02", "published_to": "2022-02-01"}},
            "filters.published_from",
            "2022-02-02 is after published_to 2022-02-01",
        ),
    ],
)
def test_a_wrong_question_is_a_problem_that_names_the_field(
    client: TestClient, body: dict[str, Any], field: str, message: str
) -> None:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == PROBLEM
    problem = response.json()
    assert problem["type"] == "/problems/invalid-request"
    assert problem["status"] == 422
    assert problem["request_id"] == response.headers["x-request-id"]
    assert [error["field"] for error in problem["errors"]] == [field]
    assert message in problem["errors"][0]["message"]
    assert message in problem["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("?q=", "q"),
        ("?q=a&top_k=many", "top_k"),
        ("?q=a&question=b", "question"),
        ("?q=a&published_from=2022-02-02&published_to=2022-02-01", "published_from"),
    ],
)
def test_a_wrong_query_string_names_the_parameter(client: TestClient, query: str, field: str) -> None:
    response = client.get(f"/v1/ask{query}")
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_several_wrong_fields_are_all_named(client: TestClient) -> None:
    errors = client.post("/v1/ask", json={"question": 1, "top_k": "x", "as_of": "z"}).json()["errors"]
    assert {error["field"] for error in errors} == {"question", "top_k", "as_of"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"q"', b"\xff\xfe", b'{"question": "\\ud800"}', b"null"])
def test_a_body_that_is_no_question_is_a_problem(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/ask", content=content, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == PROBLEM
    assert "Traceback" not in response.text


def test_other_media_types_are_refused(client: TestClient) -> None:
    for headers in ({"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"}, {}):
        response = client.post("/v1/ask", content=b'{"question": "q"}', headers=headers)
        assert (response.status_code, response.headers["content-type"]) == (415, PROBLEM)


def test_a_body_over_one_megabyte_is_refused(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": "x" * 1_000_001})
    assert (response.status_code, response.headers["content-type"]) == (413, PROBLEM)
    pieces = (b" " * 100_000 for _ in range(11))
    response = client.post("/v1/ask", content=pieces, headers={"content-type": "application/json"})
    assert response.status_code == 413


def test_verify_tells_holding_quotes_from_others(client: TestClient) -> None:
    answer = ask(client)["answers"][0]
    body = {name: answer[name] for name in ("article_id", "start", "end", "quote")}
    assert client.post("/v1/verify", json={**body, "sha256": answer["article_sha256"]}).json()["holds"] is True
    changed = client.post("/v1/verify", json={**body, "quote": f"not {answer['quote']}"})
    assert changed.status_code == 200
    assert changed.json()["holds"] is False
    assert "the article says" in changed.json()["reason"]
    assert client.post("/v1/verify", json={**body, "article_id": "none"}).status_code == 404
    assert client.post("/v1/verify", json={**body, "start": -1}).status_code == 422
