"""BM25 by tantivy: what is found, in which order, under which filters."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.filters import Filters
from index.passage import Placed
from index.split import whole
from index.terms import EnglishTerms, Terms
from sources.article import Article
from sources.errors import DamagedIndexError
from tests.fakes import article

ANY = Filters()


def placed(*articles: Article) -> list[Placed]:
    return [(passage, made) for made in articles for passage in whole(made)]


@pytest.fixture
def terms(tmp_path: Path) -> Terms:
    made = Terms(tmp_path / "terms")
    made.apply(
        [],
        placed(
            article(
                "a", "The commissioner was appointed by ministers.", publisher="BBC", published_at=date(2022, 11, 8)
            ),
            article("b", "Ministers appoint a commissioner; the commissioner reports.", publisher="Café News"),
            article("c", "Rain fell on Solihull.", publisher="bbc", published_at=date(2023, 1, 1)),
        ),
    )
    return made


ENGLISH = EnglishTerms()
# Words whose stems change their ends, their second letters or their accents, and what stands between words.
PIECES = (
    "dying die dies lying lie lies tying tie ties skies sky skis inspect inspection inspections inspected Inspector "
    "happy happily Café cafe CAFÉS naïve naive Ærø aero ß ss 1.35 1,200 don't it’s y yes years Yearly U.S. US x ② 東京 "
    "कि İnspect use using early only ugly gently idly a of the news new -- “said” re-use under_score ÉCOLE école ecole"
).split()
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("-".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("\u00a0".join),
    st.text(max_size=40),
)


@settings(deadline=None, max_examples=500)
@given(question=TEXTS, text=TEXTS)
def test_the_wanted_terms_of_a_text_are_found_without_stemming_all_of_it(question: str, text: str) -> None:
    wanted = frozenset(ENGLISH(question))
    for words, expected in ((text, wanted & set(ENGLISH(text))), (question, wanted)):
        found = ENGLISH.among(wanted, words)
        assert {term for _, term in found} == expected
        for at, term in found:  # the word that begins there has the term, and none begins before it
            assert term in ENGLISH(words[at:])
            assert at == 0 or not words[at - 1].isalnum()


def names(terms: Terms, question: str, filters: Filters = ANY) -> set[int]:
    return {key for key, _ in terms.searcher().search(question, 10, filters)}


def key_of(name: str, text: str) -> int:
    return placed(article(name, text))[0][0].key


def test_words_match_by_stem_whatever_their_case_and_accents(terms: Terms) -> None:
    assert len(names(terms, "APPOINTING Commissioners")) == 2
    terms.apply([], placed(article("d", "The café closed.")))
    assert names(terms, "cafe") == {key_of("d", "The café closed.")}


def test_scores_fall_and_more_of_the_words_score_more(terms: Terms) -> None:
    hits = terms.searcher().search("commissioner reports", 10, ANY)
    assert hits[0][0] == key_of("b", "Ministers appoint a commissioner; the commissioner reports.")
    assert hits[0][1] > hits[1][1] > 0


def test_question_words_alone_find_nothing(terms: Terms) -> None:
    assert names(terms, "who was it, and how much did they give?") == set()


def test_an_unknown_word_finds_what_it_was_meant_to_be(terms: Terms) -> None:
    assert len(names(terms, "comissioner")) == 2
    assert names(terms, "Solihlul") == {key_of("c", "Rain fell on Solihull.")}
    assert names(terms, "zebra") == set()
    assert names(terms, "xyz") == set()


def test_a_removed_passage_is_gone_and_an_old_searcher_still_sees_it(terms: Terms) -> None:
    old = terms.searcher()
    terms.apply([key_of("c", "Rain fell on Solihull.")], [])
    assert names(terms, "rain") == set()
    assert len(old.search("rain", 10, ANY)) == 1


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(publishers=("bbc",)), 1),
        (Filters(publishers=("BBC", "CAFÉ NEWS")), 2),
        (Filters(published_from=date(2022, 11, 8), published_to=date(2022, 11, 8)), 1),
        (Filters(published_from=date(2022, 11, 9)), 0),
        (Filters(published_to=date(2022, 12, 31)), 1),
        (Filters(article_ids=(article("b", "").id,)), 1),
        (Filters(article_ids=("none",)), 0),
    ],
)
def test_filters_hold_together(terms: Terms, filters: Filters, count: int) -> None:
    hits = terms.searcher().search("commissioner", 10, filters)
    assert len(hits) == count
    plain = dict(terms.searcher().search("commissioner", 10, ANY))
    assert all(plain[key] == pytest.approx(score) for key, score in hits)


def test_equal_scores_are_in_order_of_key(tmp_path: Path) -> None:
    made = Terms(tmp_path)
    made.apply([], placed(*(article(str(n), "Same words here.") for n in range(9))))
    hits = made.searcher().search("same words", 9, ANY)
    assert [key for key, _ in hits] == sorted(key for key, _ in hits)


def test_all_keys_are_listed_also_after_opening_again(terms: Terms) -> None:
    again = Terms(terms.directory)
    assert again.searcher().keys() == terms.searcher().keys()
    assert len(again.searcher()) == 3


def test_a_directory_that_is_no_index_is_named(terms: Terms) -> None:
    (terms.directory / "meta.json").write_text("{}")
    with pytest.raises(DamagedIndexError, match="cannot be opened"):
        Terms(terms.directory)
