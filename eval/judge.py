"""Judging: a gold question and the pipeline's result become a row."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from eval.matching import contains, exact_match, f1
from eval.questions import GoldQuestion
from eval.quotes import inexact_quotes
from eval.ranking import MEASURES, rank_measures
from eval.row import Ranked, Row
from qa.answer import NoAnswer, Result
from qa.hit import Hit
from sources.article import Span

DEPTHS = (1, 3, 5, 10)

Judgements = Mapping[str, Mapping[str, int]]


def judge(gold: GoldQuestion, result: Result, texts: Mapping[str, str], latency_ms: float) -> Row:
    """The row of an asked question, all but MRR and nDCG, which `with_rank_measures` adds for all rows at once."""
    ranking = tuple(_ranked(gold, hit) for hit in result.hits)
    quote, sentence, place, article = _top(result)
    refused = isinstance(result.outcome, NoAnswer)
    quotes, inexact = inexact_quotes(result, texts)
    row = replace(
        blank(gold),
        answered=not refused,
        quote=quote,
        sentence=sentence,
        article=article,
        start=place.start,
        end=place.end,
        confidence=result.outcome.confidence if isinstance(result.outcome, NoAnswer) else result.outcome[0].confidence,
        threshold=result.outcome.threshold if isinstance(result.outcome, NoAnswer) else None,
        ranking=ranking,
        quotes=quotes,
        inexact=inexact,
        latency_ms=latency_ms,
        timing_ms=dict(result.timing_ms),
    )
    return replace(row, values=_values(row))


def blank(gold: GoldQuestion, problem: str = "") -> Row:
    """The row of a question that was not asked: every metric that is defined for it is 0."""
    row = Row(
        id=gold.id,
        question=gold.question,
        kind=gold.kind,
        answerable=gold.answerable,
        expected=gold.answers,
        articles=gold.articles or tuple(gold.relevant),
        problem=problem,
    )
    values = {name: None if value is None else 0.0 for name, value in _values(row).items()}
    return replace(row, values=values) if problem else row


def relevant_passages(
    questions: Iterable[GoldQuestion], passages: Iterable[tuple[str, str, str]]
) -> dict[str, dict[str, int]]:
    """The qrels: question id -> passage id -> grade, for the answerable questions.

    A set that names relevant passages is taken at its word. For our own gold, every passage of the collection is
    judged: grade 1 when it is of a named article and holds an accepted answer, which is what hit@k counts too.

    Args:
        questions: the questions.
        passages: (passage id, article name, text) of the whole collection.
    """
    collection = list(passages)
    return {
        gold.id: dict(gold.relevant)
        or {name: 1 for name, article, text in collection if gold.names(article) and contains(text, gold.answers)}
        for gold in questions
        if gold.answerable
    }


def with_rank_measures(rows: Iterable[Row], judgements: Judgements) -> tuple[Row, ...]:
    """The rows with MRR@10 and nDCG@10; None for unanswerable questions, which have no relevant passage."""
    kept = tuple(rows)
    values = rank_measures(judgements, {row.id: [found.passage for found in row.ranking] for row in kept})
    undefined: dict[str, float | None] = dict.fromkeys(MEASURES)
    return tuple(replace(row, values={**row.values, **values.get(row.id, undefined)}) for row in kept)


def _ranked(gold: GoldQuestion, hit: Hit) -> Ranked:
    has_answer = contains(hit.text, gold.answers)
    named = gold.names(hit.article.name)
    return Ranked(
        passage=hit.article.name if gold.relevant else hit.passage.id,
        article=hit.article.name,
        right=gold.answerable and named and (has_answer or bool(gold.relevant)),
        has_answer=has_answer,
        score=hit.score,
        dense=hit.scores.dense,
        lexical=hit.scores.lexical,
        reader=hit.scores.reader,
        missing=hit.scores.missing,
        skim=hit.scores.skim,
    )


def _top(result: Result) -> tuple[str, str, Span, str]:
    """Quote, sentence, place and article name of the top answer; of the first highlight when it refused."""
    if not isinstance(result.outcome, NoAnswer):
        best = result.outcome[0]
        return best.quote, best.sentence.of(best.article.text), Span(best.start, best.end), best.article.name
    for hit in result.hits[:1]:
        for span in hit.highlights[:1]:
            return span.of(hit.article.text), "", span, hit.article.name
    return "", "", Span(0, 0), ""


def _values(row: Row) -> dict[str, float | None]:
    """The metrics of one question.

    Of retrieval and of the answer where the question has one; the SQuAD 2.0 pair `overall_em` and `overall_f1`
    (Rajpurkar et al. 2018) and `verdict` for every question: a refusal is worth 0 where there is an answer, 1 where
    there is none.
    """
    values: dict[str, float | None] = {}
    for depth in DEPTHS:
        best = row.ranking[:depth]
        values[f"hit@{depth}"] = float(any(found.right for found in best)) if row.answerable else None
    graded = row.answerable and bool(row.expected)
    for depth in DEPTHS:
        best = row.ranking[:depth]
        values[f"has_answer@{depth}"] = float(any(found.has_answer for found in best)) if graded else None
    values["em"] = exact_match(row.quote, row.expected) if graded else None
    values["f1"] = f1(row.quote, row.expected) if graded else None
    values["quote_has_answer"] = float(contains(row.quote, row.expected)) if graded else None
    if graded:
        values["overall_em"] = values["em"] if row.answered else 0.0
        values["overall_f1"] = values["f1"] if row.answered else 0.0
    else:
        # An answerable question whose set names no answers (BEIR) has no overall score.
        values["overall_em"] = values["overall_f1"] = None if row.answerable else float(not row.answered)
    values["verdict"] = float(row.answered == row.answerable)
    return values
