"""The JSON API: list, read, store and remove articles."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.api import json_response, problems
from service.json_route import JsonRoute
from service.parts import Injected
from service.requests import ArticleRequest, ListQuery
from service.responses import ArticleFull, ArticlePage, StoredItem
from service.wire import article_full, article_item
from sources.article import Article, text_sha256
from sources.errors import SourceError

router = APIRouter(prefix="/v1/articles", tags=["articles"], route_class=JsonRoute)


@router.get("", response_model=ArticlePage, responses=problems(422, 503))
def list_articles(parts: Injected, query: Annotated[ListQuery, Query()]) -> Response:
    """Articles by id, a page at a time; pass `next` as `cursor` for the following page."""
    found = parts.catalog.articles(query.cursor or "", query.limit + 1)
    page = found[: query.limit]
    more = len(found) > query.limit
    return json_response(ArticlePage(articles=[article_item(a) for a in page], next=page[-1].id if more else None))


@router.get("/{article_id}", response_model=ArticleFull, responses=problems(404, 503))
def read_article(parts: Injected, article_id: str) -> Response:
    """One article with its text, to which all offsets refer."""
    return json_response(article_full(parts.catalog.article(article_id)))


@router.post(
    "",
    response_model=StoredItem,
    status_code=201,
    responses={200: {"model": StoredItem, "description": "Replaced or unchanged"}, **problems(413, 415, 422, 503)},
)
def store_article(_: Request, parts: Injected, body: ArticleRequest) -> Response:
    """Store an article: 201 when it is new, 200 when it replaces an older revision or changes nothing.

    The URL identifies it; without one, `name` does; without either, title and text do.
    """
    article = _article(body, parts)
    report = parts.catalog.add([article])
    status = "added" if report.added else "replaced" if report.replaced else "unchanged"
    article_id = (report.added + report.replaced + report.unchanged)[0]
    stored = {
        "id": article_id,
        "status": status,
        "sha256": article.sha256,
        "index_generation": parts.catalog.snapshot().generation,
    }
    return json_response(stored, 201 if report.added else 200, {"Location": f"/v1/articles/{article_id}"})


@router.delete("/{article_id}", status_code=204, responses=problems(404, 503))
def remove_article(parts: Injected, article_id: str) -> Response:
    """Remove an article; it stops answering at once."""
    parts.catalog.remove([article_id])
    return Response(status_code=204)


def _article(body: ArticleRequest, parts: Injected) -> Article:
    for field, value in (("title", body.title), ("text", body.text)):
        if not any(character.isalnum() for character in value):
            raise SourceError(field, "has no letter or digit; send the article's words")
    text = body.text.replace("\r\n", "\n").replace("\r", "\n")
    content = text_sha256(body.title + "\n" + text)
    return Article.create(
        name=body.name or body.title,
        origin=f"api:{body.name or content}",
        title=body.title.strip(),
        text=text,
        added_at=parts.now(),
        url=body.url,
        publisher=body.publisher,
        author=body.author,
        published_at=body.published_at,
        language=body.language,
    )
