"""The web form: server-rendered pages that need no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from index.filters import Filters
from qa.question import Question
from service.deep_link import is_web_url
from service.parts import Injected, Parts
from service.problems import KINDS
from service.rendering import render
from service.views import Outcome, outcome, paragraphs
from sources.article import Article, Span
from sources.errors import QuestionError

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ARTICLES_PER_PAGE = 50
TITLES_SHOWN = 6
SAMPLE_PUBLISHER = "Quotary sample"
SAMPLE_QUESTIONS = (
    "When was the improvement notice issued?",
    "Who is the new director of children's services?",
    "What did inspectors say about children in care?",
    "How old was Arthur Labinjo-Hughes when he died?",
)


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, to be shown again as it was."""

    q: str = ""
    publisher: str = ""
    published_from: str = ""
    published_to: str = ""

    @classmethod
    def read(cls, query: QueryParams) -> "Form":
        """The form's fields from the query string; others are left alone (links carry tracking parameters)."""
        return cls(*(query.get(name, "") for name in ("q", "publisher", "from", "to")))

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.publisher or self.published_from or self.published_to)

    def question(self) -> Question:
        """The checked question; raises QuestionError."""
        filters = Filters(
            publishers=(self.publisher,) if self.publisher else (),
            published_from=_day("from", self.published_from),
            published_to=_day("to", self.published_to),
        )
        return Question(self.q, filters=filters)


@router.get("/")
def home(request: Request, parts: Injected) -> HTMLResponse:
    """The question box; with `?q=` also the answers, or what is wrong with the question."""
    form = Form.read(request.query_params)
    if "q" not in request.query_params:
        return _home(parts, form)
    try:
        question = form.question()
    except QuestionError as error:
        return _home(parts, form, error=error)
    result = parts.pipelines["default"].ask(question)
    parts.metrics.question(result)
    return _home(parts, form, found=outcome(result))


@router.get("/articles")
def article_list(parts: Injected, after: str = "") -> HTMLResponse:
    """All articles, a page at a time."""
    found = parts.catalog.articles(after, ARTICLES_PER_PAGE + 1)
    page = found[:ARTICLES_PER_PAGE]
    more = page[-1].id if len(found) > ARTICLES_PER_PAGE else None
    return HTMLResponse(render("articles.html", articles=page, count=parts.catalog.count(), after=after, more=more))


@router.get("/articles/{article_id}")
def article(request: Request, parts: Injected, article_id: str) -> HTMLResponse:
    """One stored article; `?start=&end=` marks these code points."""
    stored = parts.catalog.article(article_id)
    mark = _mark(request.query_params, stored)
    page = render(
        "article.html",
        article=stored,
        original=stored.url if stored.url and is_web_url(stored.url) else None,
        paragraphs=paragraphs(stored, mark),
        marked=mark is not None,
    )
    return HTMLResponse(page)


@router.get("/problems/{slug}")
def problem_page(slug: str) -> HTMLResponse:
    """What a kind of error means: the page that a problem's `type` names."""
    kind = KINDS.get(slug)
    if kind is None:
        raise HTTPException(404)
    return HTMLResponse(render("kind.html", kind=kind))


def _home(
    parts: Parts, form: Form, *, found: Outcome | None = None, error: QuestionError | None = None
) -> HTMLResponse:
    publishers = parts.catalog.publishers()
    blank = found is None
    page = render(
        "home.html",
        form=form,
        found=found,
        error=error,
        publishers=publishers,
        count=parts.catalog.count(),
        examples=SAMPLE_QUESTIONS if blank and SAMPLE_PUBLISHER in publishers else (),
        titles=_titles(parts) if blank and SAMPLE_PUBLISHER not in publishers else (),
    )
    return HTMLResponse(page, 422 if error else 200)


def _titles(parts: Parts) -> Sequence[Article]:
    return parts.catalog.articles("", TITLES_SHOWN)


def _day(field: str, value: str) -> date | None:
    if not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise QuestionError(field, f"{value[:40]!r} is not a day; write it as 2022-02-28") from error


def _mark(query: QueryParams, stored: Article) -> Span | None:
    if "start" not in query and "end" not in query:
        return None
    try:
        start, end = int(query.get("start", "")), int(query.get("end", ""))
    except ValueError as error:
        raise QuestionError("start", "start and end are whole numbers, both given") from error
    if not 0 <= start < end <= len(stored.text):
        raise QuestionError(
            "start", f"[{start}, {end}) is no range of this article's text, which has {len(stored.text):,} characters"
        )
    return Span(start, end)
