"""The bundled gold questions are what their README says."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.corpus import read_corpus
from eval.gold import gold_files
from eval.matching import contains, normalised
from eval.questions import GoldQuestion, read_gold
from sources.sample import sample_directory

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
ANSWERABLE = {
    "who", "when", "where", "how many", "how much", "why", "what", "list",
    "several sources", "paraphrase", "date trap", "keywords", "typo",
}  # fmt: skip
UNANSWERABLE = {"wrong attribute", "wrong year", "another council", "number not given", "false premise", "off topic"}


def of(split: str) -> tuple[GoldQuestion, ...]:
    return read_gold(gold_files(split))


def test_there_are_enough_of_both_sorts() -> None:
    everything = of("all")
    assert (len(of("test")), len(of("dev"))) == (55, 115)
    assert sum(question.answerable for question in of("test")) == 36
    assert sum(not question.answerable for question in everything) == 55


@pytest.mark.parametrize("split", ["test", "dev"])
def test_each_split_has_every_kind(split: str) -> None:
    assert {question.kind for question in of(split) if question.answerable} == ANSWERABLE
    assert {question.kind for question in of(split) if not question.answerable} == UNANSWERABLE


def test_no_question_is_asked_twice_nor_in_both_splits() -> None:
    asked = Counter(normalised(question.question) for question in of("all"))
    assert asked.most_common(1)[0][1] == 1


def test_several_sources_means_two_articles_or_more() -> None:
    assert all(len(question.articles) > 1 for question in of("all") if question.kind == "several sources")


def test_the_sample_holds_an_answer_in_every_article_named() -> None:
    assert missing(sample_directory()) == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles (../shared/seeds) are not here")
def test_the_seeds_hold_an_answer_in_every_article_named() -> None:
    assert missing(SEEDS) == []


def missing(folder: Path) -> list[tuple[str, str]]:
    articles = read_corpus(folder, NOW).articles
    return [
        (question.id, prefix)
        for question in of("all")
        for prefix in question.articles
        if not any(contains(it.text, question.answers) for it in articles if it.name.startswith(prefix))
    ]
