"""From the domain's objects to the shapes on the wire."""

from urllib.parse import quote as url_quote

from qa.answer import Answer, NoAnswer, Result
from qa.hit import Hit
from service.deep_link import deep_link
from service.responses import (
    AnswerItem,
    ArticleFull,
    ArticleItem,
    AskResponse,
    NoAnswerItem,
    PassageItem,
    Quoted,
    Source,
)
from sources.article import Article, Span


def ask_response(result: Result, query_id: str, *, highlight: bool = True) -> AskResponse:
    """The whole answer to one question."""
    outcome = result.outcome
    if isinstance(outcome, NoAnswer):
        answers: list[AnswerItem] = []
        refusal: NoAnswerItem | None = {
            "reason": outcome.reason,
            "confidence": round(outcome.confidence, 4),
            "threshold": round(outcome.threshold, 4),
        }
    else:
        answers, refusal = [answer_item(answer) for answer in outcome], None
    return {
        "query_id": query_id,
        "question": result.question.text,
        "answerable": result.answerable,
        "no_answer": refusal,
        "answers": answers,
        "passages": [passage_item(hit, highlight=highlight) for hit in result.hits],
        "index_generation": result.generation,
        "models": dict(result.models),
        "timing_ms": {stage: round(milliseconds, 3) for stage, milliseconds in result.timing_ms.items()},
        "warnings": list(result.warnings),
    }


def answer_item(answer: Answer) -> AnswerItem:
    """An answer with what agrees and what differs."""
    return {
        **quoted(answer),
        "agrees_with": [quoted(other) for other in answer.agrees_with],
        "conflicts_with": [quoted(other) for other in answer.conflicts_with],
        "duplicates": [quoted(other) for other in answer.duplicates],
    }


def quoted(answer: Answer) -> Quoted:
    """A quote with its sentence, surroundings and source."""
    article, passage, sentence = answer.article, answer.passage, answer.sentence
    return {
        "quote": answer.quote,
        "article_id": article.id,
        "start": answer.start,
        "end": answer.end,
        "offset_unit": "codepoint",
        "article_sha256": article.sha256,
        "confidence": round(answer.confidence, 4),
        "sentence": {"text": sentence.of(article.text), "start": sentence.start, "end": sentence.end},
        "context": {
            "before": article.text[passage.start : answer.start],
            "after": article.text[answer.end : passage.end],
        },
        "source": source(article, Span(answer.start, answer.end)),
    }


def passage_item(hit: Hit, *, highlight: bool) -> PassageItem:
    """A passage with its scores and the ranges to mark."""
    passage, scores = hit.passage, hit.scores
    return {
        "id": passage.id,
        "rank": hit.rank,
        "text": hit.text,
        "article_id": passage.article_id,
        "article_sha256": hit.article.sha256,
        "start": passage.start,
        "end": passage.end,
        "highlights": [{"start": span.start, "end": span.end} for span in hit.highlights] if highlight else [],
        "score": hit.score,
        "scores": {
            "dense": scores.dense,
            "lexical": scores.lexical,
            "fused": scores.fused,
            "reader": scores.reader,
            "missing": scores.missing,
        },
        "source": source(hit.article, hit.highlights[0] if hit.highlights else passage.span),
    }


def source(article: Article, span: Span) -> Source:
    """Title, publisher and links, the links to `span`."""
    return {
        "title": article.title,
        "publisher": article.publisher,
        "url": article.url,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "author": article.author,
        "deep_link": deep_link(article.url, article.text, span),
        "local_link": local_link(article.id, span),
    }


def local_link(article_id: str, span: Span) -> str:
    """The stored article's page, scrolled to the marked span."""
    return f"/articles/{url_quote(article_id, safe='')}?start={span.start}&end={span.end}#quote"


def article_item(article: Article) -> ArticleItem:
    """An article without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "language": article.language,
        "url": article.url,
        "characters": len(article.text),
        "sha256": article.sha256,
        "added_at": article.added_at.isoformat(),
    }


def article_full(article: Article) -> ArticleFull:
    """An article with its text."""
    return {**article_item(article), "text": article.text}
